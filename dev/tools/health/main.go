// Says of each object on standard input what Argo CD and kstatus (which Flux waits by) make of its status.
//
//	health argocd-cm.yaml < objects.jsonl > verdicts.jsonl
//
// A verdict a line, in the order of the objects. Any error ends the program: a health check that fails is no verdict.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/cli-utils/pkg/kstatus/status"
)

type verdict struct {
	Status  string `json:"status"`
	Message string `json:"message"`
}

func main() {
	if len(os.Args) != 2 {
		fail(fmt.Errorf("usage: health argocd-cm.yaml < objects.jsonl"))
	}
	checks, err := readChecks(os.Args[1])
	fail(err)
	objects := bufio.NewScanner(os.Stdin)
	objects.Buffer(nil, 4<<20)
	verdicts := json.NewEncoder(os.Stdout)
	for objects.Scan() {
		// This decoder, like a client's, makes integers of integers; without it kstatus misses every generation.
		object := &unstructured.Unstructured{}
		fail(object.UnmarshalJSON(objects.Bytes()))
		argocd, err := checks.health(object)
		fail(err)
		result, err := status.Compute(object)
		fail(err)
		kstatus := verdict{Status: string(result.Status), Message: result.Message}
		fail(verdicts.Encode(map[string]verdict{"argocd": argocd, "kstatus": kstatus}))
	}
	fail(objects.Err())
}

func fail(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
