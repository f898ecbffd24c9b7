package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

const (
	announced = "network-policies.xkit.dev/address"
	patience  = 5 * time.Second
)

// A CNI plugin's standard input: https://www.cni.dev/docs/spec/
type network struct {
	Kubeconfig string          `json:"kubeconfig"`
	PrevResult json.RawMessage `json:"prevResult"`
}

// publishAddress is the last CNI plugin of the chain. It writes the Pod's address into an annotation before a container
// of it starts. The kubelet writes it into the status about a second after that, and until then the engine knows no Pod
// of this address: it would let everything pass. Not into the status: the kubelet, which does not know the address yet,
// takes it out again. A Pod whose address cannot be published does not start; it is tried again.
func publishAddress(command string) {
	switch command {
	case "VERSION":
		fmt.Println(`{"cniVersion": "0.4.0", "supportedVersions": ["0.3.0", "0.3.1", "0.4.0"]}`)
	case "ADD":
		result, err := add(os.Stdin, os.Getenv("CNI_ARGS"))
		if err != nil {
			refusal := map[string]any{"cniVersion": "0.4.0", "code": 100, "msg": err.Error()}
			_ = json.NewEncoder(os.Stdout).Encode(refusal)
			os.Exit(1)
		}
		fmt.Println(string(result))
	}
}

func add(input io.Reader, arguments string) (json.RawMessage, error) {
	var given network
	if err := json.NewDecoder(input).Decode(&given); err != nil {
		return nil, fmt.Errorf("configuration: %w", err)
	}
	address, err := firstAddress(given.PrevResult)
	if err != nil {
		return nil, err
	}
	if err := publish(given.Kubeconfig, parse(arguments), address); err != nil {
		return nil, fmt.Errorf("publishing the address %s: %w", address, err)
	}
	return given.PrevResult, nil
}

func firstAddress(result json.RawMessage) (string, error) {
	var made struct {
		IPs []struct {
			Address string `json:"address"`
		} `json:"ips"`
	}
	if err := json.Unmarshal(result, &made); err != nil {
		return "", fmt.Errorf("prevResult: %w", err)
	}
	if len(made.IPs) == 0 {
		return "", fmt.Errorf("prevResult has no address; a plugin before this one must assign it")
	}
	address, _, _ := strings.Cut(made.IPs[0].Address, "/")
	return address, nil
}

// parse reads CNI_ARGS, "KEY=VALUE;KEY=VALUE".
func parse(arguments string) map[string]string {
	parsed := map[string]string{}
	for _, pair := range strings.Split(arguments, ";") {
		key, value, _ := strings.Cut(pair, "=")
		parsed[key] = value
	}
	return parsed
}

func publish(kubeconfig string, pod map[string]string, address string) error {
	client, err := connect(kubeconfig)
	if err != nil {
		return err
	}
	// the uid keeps this off another Pod of the same name
	patch, err := json.Marshal(map[string]any{
		"metadata": map[string]any{
			"uid":         pod["K8S_POD_UID"],
			"annotations": map[string]any{announced: address},
		},
	})
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	pods := client.CoreV1().Pods(pod["K8S_POD_NAMESPACE"])
	name := pod["K8S_POD_NAME"]
	_, err = pods.Patch(ctx, name, types.MergePatchType, patch, metav1.PatchOptions{})
	return err
}
