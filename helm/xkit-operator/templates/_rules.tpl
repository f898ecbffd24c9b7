{{/*
Everything that the operator may do: in the ClusterRole, or in a Role for each namespace of its own.
It may not read Secrets: the kubelet mounts them.
*/}}
{{- define "xkit.rules" -}}
# patch: for the finalizer alone; also when images.cleanup is off, since finalizers from before are taken off then.
- apiGroups: [xkit.dev]
  resources: [destinations]
  verbs: [get, list, watch, patch]
- apiGroups: [xkit.dev]
  resources: [sourcemappings]
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
{{- if .Values.images.cleanup }}
- apiGroups: [apps]
  resources: [replicasets]
  verbs: [list]
{{- end }}
- apiGroups: [autoscaling]
  resources: [horizontalpodautoscalers]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [policy]
  resources: [poddisruptionbudgets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [networking.k8s.io]
  resources: [networkpolicies]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [""]
  resources: [pods, events]
  verbs: [list]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create, patch]
{{- end }}
