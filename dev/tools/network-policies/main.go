// The engine that enforces NetworkPolicies: the kernel shows it the first packet of each connection of a Pod (the
// cluster's `network` puts the rules in place), and it answers whether the policies let that through.
//
// Upstream's main knows only the configuration of a Pod; this one runs beside the kubelet, with a kubeconfig. Called
// by containerd as a CNI plugin it publishes a Pod's address: see address.go.
package main

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"syscall"

	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2"
	"sigs.k8s.io/kube-network-policies/pkg/networkpolicy"
)

func main() {
	if command := os.Getenv("CNI_COMMAND"); command != "" {
		publishAddress(command)
		return
	}
	kubeconfig := flag.String("kubeconfig", "", "how to reach the API server")
	node := flag.String("node", "", "the name of this node")
	queue := flag.Int("queue", 0, "the number of the netfilter queue that the rules fill")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, *kubeconfig, *node, *queue); err != nil {
		klog.ErrorS(err, "the policy engine ends")
		os.Exit(1)
	}
}

func run(ctx context.Context, kubeconfig, node string, queue int) error {
	client, err := connect(kubeconfig)
	if err != nil {
		return err
	}
	watched := informers.NewSharedInformerFactory(client, 0)
	policies := watched.Networking().V1().NetworkPolicies()
	namespaces, pods := watched.Core().V1().Namespaces(), announcedPods{watched.Core().V1().Pods()}
	settings := networkpolicy.Config{QueueID: queue, NodeName: node}
	engine, err := networkpolicy.NewController(client, policies, namespaces, pods, nil, nil, nil, nil, settings)
	if err != nil {
		return err
	}
	watched.Start(ctx.Done())
	return engine.Run(ctx)
}

func connect(kubeconfig string) (*kubernetes.Clientset, error) {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	return kubernetes.NewForConfig(config)
}
