package main

import (
	v1 "k8s.io/api/core/v1"
	coreinformers "k8s.io/client-go/informers/core/v1"
	"k8s.io/client-go/tools/cache"
)

// announcedPods are Pods as the engine is to see them: a Pod without an address in its status has the announced one.
type announcedPods struct {
	coreinformers.PodInformer
}

func (pods announcedPods) Informer() cache.SharedIndexInformer {
	return announcedInformer{pods.PodInformer.Informer()}
}

type announcedInformer struct {
	cache.SharedIndexInformer
}

func (informer announcedInformer) SetTransform(engines cache.TransformFunc) error {
	return informer.SharedIndexInformer.SetTransform(func(object any) (any, error) {
		if pod, ok := object.(*v1.Pod); ok && len(pod.Status.PodIPs) == 0 && pod.Annotations[announced] != "" {
			pod.Status.PodIPs = []v1.PodIP{{IP: pod.Annotations[announced]}}
		}
		return engines(object)
	})
}
