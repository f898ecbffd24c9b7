// metrics-server with this module's Kubernetes packages. Its own main cannot be built with them: the schema that it
// generated names its types in the way of Kubernetes 1.33, and the server refuses to start without a match.
package main

import (
	"os"

	"github.com/spf13/pflag"
	openapinamer "k8s.io/apiserver/pkg/endpoints/openapi"
	genericapiserver "k8s.io/apiserver/pkg/server"
	"k8s.io/component-base/logs"
	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/generated/openapi"
	"sigs.k8s.io/metrics-server/cmd/metrics-server/app/options"
	"sigs.k8s.io/metrics-server/pkg/api"
)

func main() {
	settings := options.NewOptions()
	flags := pflag.NewFlagSet(os.Args[0], pflag.ExitOnError)
	for _, set := range settings.Flags().FlagSets {
		flags.AddFlagSet(set)
	}
	_ = flags.Parse(os.Args[1:]) // ends the process itself on an error
	logs.InitLogs()
	defer logs.FlushLogs()
	if err := run(settings); err != nil {
		klog.ErrorS(err, "metrics-server ends")
		os.Exit(1)
	}
}

func run(settings *options.Options) error {
	for _, err := range settings.Validate() {
		return err
	}
	config, err := settings.ServerConfig()
	if err != nil {
		return err
	}
	namer := openapinamer.NewDefinitionNamer(api.Scheme)
	config.Apiserver.OpenAPIConfig = genericapiserver.DefaultOpenAPIConfig(openapi.GetOpenAPIDefinitions, namer)
	config.Apiserver.OpenAPIV3Config = genericapiserver.DefaultOpenAPIV3Config(openapi.GetOpenAPIDefinitions, namer)
	server, err := config.Complete()
	if err != nil {
		return err
	}
	return server.RunUntil(genericapiserver.SetupSignalHandler())
}
