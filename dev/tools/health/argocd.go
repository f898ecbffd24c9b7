package main

import (
	"context"
	"fmt"
	"os"
	"time"

	lua "github.com/yuin/gopher-lua"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

// checks are the health checks of an argocd-cm, run as Argo CD 3.2 runs them: by the same version of the same Lua, with
// no library but base, package and table, and for a second at most.
type checks map[string]string

var words = map[string]bool{
	"Healthy": true, "Progressing": true, "Degraded": true, "Suspended": true, "Missing": true, "Unknown": true,
}

func readChecks(path string) (checks, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	configMap := corev1.ConfigMap{}
	if err := yaml.UnmarshalStrict(text, &configMap); err != nil {
		return nil, err
	}
	return configMap.Data, nil
}

func (all checks) health(object *unstructured.Unstructured) (verdict, error) {
	kind := object.GroupVersionKind()
	key := fmt.Sprintf("resource.customizations.health.%s_%s", kind.Group, kind.Kind)
	script, found := all[key]
	if !found {
		return verdict{}, fmt.Errorf("there is no %s", key)
	}
	state := lua.NewState(lua.Options{SkipOpenLibs: true})
	defer state.Close()
	lua.OpenPackage(state)
	lua.OpenBase(state)
	lua.OpenTable(state)
	state.SetTop(0)
	limit, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	state.SetContext(limit)
	state.SetGlobal("obj", toLua(state, object.Object))
	if err := state.DoString(script); err != nil {
		return verdict{}, fmt.Errorf("%s: %w", key, err)
	}
	answer, ok := state.Get(-1).(*lua.LTable)
	if !ok {
		return verdict{}, fmt.Errorf("%s returned %s and no table", key, state.Get(-1).Type())
	}
	said := verdict{Status: lua.LVAsString(answer.RawGetString("status")), Message: lua.LVAsString(answer.RawGetString("message"))}
	if !words[said.Status] {
		return verdict{}, fmt.Errorf("%s returned the status %q", key, said.Status)
	}
	return said, nil
}

func toLua(state *lua.LState, value any) lua.LValue {
	switch value := value.(type) {
	case bool:
		return lua.LBool(value)
	case string:
		return lua.LString(value)
	case int64:
		return lua.LNumber(value)
	case float64:
		return lua.LNumber(value)
	case []any:
		table := state.NewTable()
		for _, item := range value {
			table.Append(toLua(state, item))
		}
		return table
	case map[string]any:
		table := state.NewTable()
		for key, item := range value {
			table.RawSetString(key, toLua(state, item))
		}
		return table
	default:
		return lua.LNil
	}
}
