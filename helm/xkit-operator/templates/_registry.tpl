{{/* Name of the bundled registry's objects. */}}
{{- define "xkit.registry.name" -}}
{{ .Release.Name }}-registry
{{- end }}

{{/* host[:port] that the operator pushes to. */}}
{{- define "xkit.registry.push" -}}
{{- if .Values.registry.enabled -}}
{{- if .Values.registry.push -}}
{{- fail "registry.push names a registry of your own, and registry.enabled runs the bundled one: set one of the two" -}}
{{- end -}}
{{ include "xkit.registry.name" . }}.{{ .Release.Namespace }}.svc:5000
{{- else -}}
{{ required "registry.push is empty: name the host[:port] of your registry, or run the bundled one with registry.enabled=true" .Values.registry.push }}
{{- end -}}
{{- end }}

{{/* host[:port] that the nodes pull from. */}}
{{- define "xkit.registry.pull" -}}
{{- $bundled := printf "localhost:%v" .Values.registry.nodePort -}}
{{ .Values.registry.pull | default (ternary $bundled .Values.registry.push .Values.registry.enabled) }}
{{- end }}
