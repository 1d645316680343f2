import { decodeDeviceCount } from '../canonical/decode.ts'
import {
  deviceRequest,
  duration,
  durationOrUnset,
  float32,
  integer,
  integerOrUnset,
  labels,
  memory,
  string,
  texts,
  unsigned,
  wholeNumber,
} from './common.ts'
import { fields, listOf, type Shape } from './shape.ts'

const updateConfig: Shape = fields({
  parallelism: { ...unsigned, keepsZero: true },
  delay: duration,
  failure_action: string,
  monitor: duration,
  max_failure_ratio: float32,
  order: { text: true, values: ['start-first', 'stop-first'] },
})

const genericResources: Shape = listOf(
  fields({
    discrete_resource_spec: fields({ kind: string, value: { ...wholeNumber, keepsZero: true } }),
  }),
)

/** The `deploy` section. */
export const deploy: Shape = {
  null: true,
  ...fields({
    mode: string,
    endpoint_mode: string,
    replicas: integerOrUnset,
    labels,
    rollback_config: updateConfig,
    update_config: updateConfig,
    resources: fields({
      limits: fields({ cpus: float32, memory, pids: integer }),
      reservations: fields({
        cpus: float32,
        memory,
        generic_resources: genericResources,
        devices: listOf({ ...deviceRequest, decode: decodeDeviceCount }),
      }),
    }),
    restart_policy: fields({
      condition: string,
      delay: durationOrUnset,
      max_attempts: { ...unsigned, keepsZero: true },
      window: durationOrUnset,
    }),
    placement: fields({
      constraints: texts,
      preferences: listOf(fields({ spread: string })),
      max_replicas_per_node: unsigned,
    }),
  }),
}
