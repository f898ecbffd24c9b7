{{/* Who an object belongs to. Used by every template; the argument is (list . "component"). */}}
{{- define "xkit.labels" -}}
{{- $root := index . 0 -}}
{{ include "xkit.selector" . }}
app.kubernetes.io/part-of: xkit-operator
app.kubernetes.io/version: {{ $root.Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ $root.Release.Service }}
helm.sh/chart: {{ printf "%s-%s" $root.Chart.Name $root.Chart.Version }}
{{- end }}

{{/* What a selector may name: it can never change, so it holds no version. */}}
{{- define "xkit.selector" -}}
{{- $root := index . 0 -}}
app.kubernetes.io/name: {{ $root.Chart.Name }}
app.kubernetes.io/instance: {{ $root.Release.Name }}
app.kubernetes.io/component: {{ index . 1 }}
{{- end }}
