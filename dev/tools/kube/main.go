// All of Kubernetes in one binary: etcd, the control plane, the node's two agents and kubectl share most of their
// packages, so one link costs a quarter of the time and of the disk space of seven.
//
// The component is argv[1], or kubectl when the binary is called by that name (a symbolic link beside it).
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"
	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	kubectl "k8s.io/kubectl/pkg/cmd"
	kubeapiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	kubecontrollermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	kubeproxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	kubescheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

func main() {
	arguments := append([]string{filepath.Base(os.Args[0])}, os.Args[1:]...)
	if arguments[0] != "kubectl" {
		arguments = os.Args[1:]
	}
	if len(arguments) == 0 {
		fail("usage: kube COMPONENT [ARGUMENT...]")
	}
	os.Args = arguments
	if arguments[0] == "etcd" {
		etcdmain.Main(arguments)
		return
	}
	os.Exit(cli.Run(command(arguments[0])))
}

func command(component string) *cobra.Command {
	switch component {
	case "kube-apiserver":
		return kubeapiserver.NewAPIServerCommand()
	case "kube-controller-manager":
		return kubecontrollermanager.NewControllerManagerCommand()
	case "kube-scheduler":
		return kubescheduler.NewSchedulerCommand()
	case "kubelet":
		// Not the API server package's signal context: that may be made only once in a process.
		return kubelet.NewKubeletCommand(context.Background())
	case "kube-proxy":
		return kubeproxy.NewProxyCommand()
	case "kubectl":
		return kubectl.NewDefaultKubectlCommand()
	}
	fail("unknown component " + component)
	return nil
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, message)
	os.Exit(2)
}
