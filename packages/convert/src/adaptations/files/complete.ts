import { POD_INDEX_LABEL } from '@landfall/kube'
import type { EnvironmentVariable } from '../../objects/pod.ts'
import type { FileValue } from '../../plan/plan.ts'

const FIELDS = {
  ip: 'status.podIP',
  name: 'metadata.name',
  node: 'spec.nodeName',
  nodeAddress: 'status.hostIP',
  number: `metadata.labels['${POD_INDEX_LABEL}']`,
} as const

/** The values that are written into files, as variables of the init container. */
export function completedWith(values: readonly FileValue[]): EnvironmentVariable[] {
  return values.flatMap((value, index): EnvironmentVariable[] => [
    {
      name: `LANDFALL_VALUE_${index}`,
      valueFrom:
        'secret' in value
          ? { secretKeyRef: { name: value.secret, key: value.key } }
          : { fieldRef: { fieldPath: FIELDS[value.pod] } },
    },
    ...('plus' in value ? [{ name: `LANDFALL_PLUS_${index}`, value: String(value.plus) }] : []),
  ])
}

/**
 * A shell function that writes the values into one file, with the escapes of its format. It prints no value. Formats whose
 * values end with the line have no escape for a line break: such a value is an error.
 */
export const COMPLETE = String.raw`complete() {
  busybox awk '
  BEGIN {
    RS = "\001"
    for (i = 1; i < 32; i++) map["json", sprintf("%c", i)] = sprintf("\\u%04x", i)
    map["json", "\""] = map["env", "\""] = map["quoted", "\""] = "\\\""
    map["json", "\\"] = map["env", "\\"] = map["properties", "\\"] = "\\\\"
    map["env", "$"] = "\\$"
    map["env", "\140"] = "\\\140"
    map["env", "\n"] = map["properties", "\n"] = "\\n"
    map["properties", "\r"] = "\\r"
    map["xml", "&"] = "&amp;"
    map["xml", "<"] = "&lt;"
    map["xml", ">"] = "&gt;"
    map["xml", "\""] = "&quot;"
    map["xml", "\047"] = "&apos;"
  }
  function valueOf(number) {
    if (("LANDFALL_PLUS_" number) in ENVIRON) return ENVIRON["LANDFALL_VALUE_" number] + ENVIRON["LANDFALL_PLUS_" number]
    return ENVIRON["LANDFALL_VALUE_" number]
  }
  function escaped(style, value, i, c, out) {
    if ((style == "ini" || style == "quoted") && value ~ /[\r\n]/) exit 3
    out = style == "properties" && substr(value, 1, 1) == " " ? "\\" : ""
    for (i = 1; i <= length(value); i++) {
      c = substr(value, i, 1)
      out = out ((style, c) in map ? map[style, c] : c)
    }
    return out
  }
  {
    if (NR > 1) printf "%s", RS
    rest = $0
    while (match(rest, /__LANDFALL_[a-z]+_[0-9]+__/)) {
      split(substr(rest, RSTART + 11, RLENGTH - 13), part, "_")
      printf "%s%s", substr(rest, 1, RSTART - 1), escaped(part[1], valueOf(part[2]))
      rest = substr(rest, RSTART + RLENGTH)
    }
    printf "%s", rest
  }' "$1" > "$1.landfall" || { rm -f "$1.landfall"; echo "cannot write the values into $1: does one have a line break?" >&2; return 1; }
  cat "$1.landfall" > "$1"
  rm "$1.landfall"
}
`
