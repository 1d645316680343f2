import {
  decodeBoolean,
  decodeHealthTest,
  decodeMultiOptions,
  decodeUint,
} from '../canonical/decode.ts'
import {
  durationOrUnset,
  flag,
  hook,
  integerBytes,
  namePattern,
  string,
  textOrTexts,
  uniqueTexts,
  unsigned,
} from './common.ts'
import { fields, listOf, mapOf, type Shape, strictFields, text } from './shape.ts'

const throttled = listOf(strictFields({ path: string, rate: { ...integerBytes, keepsZero: true } }))

/** `blkio_config`. */
export const blkio: Shape = strictFields({
  device_read_bps: throttled,
  device_read_iops: throttled,
  device_write_bps: throttled,
  device_write_iops: throttled,
  weight: unsigned,
  weight_device: listOf(strictFields({ path: string, weight: unsigned })),
})

/** `depends_on`. */
export const dependsOn: Shape = {
  ...uniqueTexts,
  map: {
    names: {
      pattern: namePattern,
      shape: {
        ...fields(
          {
            restart: { text: true, boolean: true, decode: decodeBoolean },
            required: { boolean: true, keepsZero: true },
            condition: {
              text: true,
              values: ['service_started', 'service_healthy', 'service_completed_successfully'],
            },
          },
          ['condition'],
        ),
      },
    },
  },
  example: '[database]',
}

/** The `develop` section. */
export const develop: Shape = {
  null: true,
  ...fields({
    watch: listOf(
      fields(
        {
          ignore: textOrTexts,
          include: textOrTexts,
          path: { ...string, keepsZero: true },
          action: {
            text: true,
            values: ['rebuild', 'sync', 'restart', 'sync+restart', 'sync+exec'],
          },
          target: string,
          exec: hook,
          initial_sync: { boolean: true },
        },
        ['path', 'action'],
      ),
    ),
  }),
}

/** `healthcheck`. */
export const healthcheck: Shape = fields({
  disable: flag,
  interval: durationOrUnset,
  retries: { text: true, number: 'any', decode: decodeUint, keepsZero: true },
  test: {
    text: true,
    ...listOf(text),
    decode: decodeHealthTest,
    example: '["CMD", "curl", "-f", "http://localhost"]',
  },
  timeout: durationOrUnset,
  start_period: durationOrUnset,
  start_interval: durationOrUnset,
})

/** Models that a service uses. */
export const models: Shape = {
  ...uniqueTexts,
  map: {
    names: {
      pattern: namePattern,
      shape: { null: true, ...fields({ endpoint_var: string, model_var: string }) },
    },
    open: true,
  },
}

/** A service that something else than a container provides. */
export const provider: Shape = fields(
  {
    type: string,
    options: {
      ...mapOf({
        text: true,
        number: 'any',
        boolean: true,
        ...listOf({ text: true, number: 'any', boolean: true }),
      }),
      decode: decodeMultiOptions,
    },
  },
  ['type'],
)
