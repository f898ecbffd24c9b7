{{/*
Everything that the operator may do: in the ClusterRole, or in a Role for each namespace of its own.
It may not read Secrets: the kubelet mounts them.
*/}}
{{- define "xkit.rules" -}}
- apiGroups: [xkit.dev]
  resources: [destinations, sourcemappings]
  verbs: [get, list, watch]
- apiGroups: [xkit.dev]
  resources: [destinations/status, sourcemappings/status]
  verbs: [patch]
- apiGroups: [""]
  resources: [configmaps, services, serviceaccounts]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [apps]
  resources: [deployments]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [pods, events]
  verbs: [list]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end }}
