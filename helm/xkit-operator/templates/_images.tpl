{{/* Reference of the image .name, or the one that the chart was published with: `make chart PUSH=...` writes files/images.yaml. */}}
{{- define "xkit.image" -}}
{{- $published := .root.Files.Get "files/images.yaml" | fromYaml -}}
{{- index .root.Values.image .name | default (index $published .name) | required (printf "image.%s is empty, and this chart was not published with one: give a reference (`make image` builds the image)" .name) -}}
{{- end }}
