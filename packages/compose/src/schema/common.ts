import {
  decodeBoolean,
  decodeBytes,
  decodeCommand,
  decodeDuration,
  decodeDurationAboveZero,
  decodeFloat32,
  decodeHosts,
  decodeInt,
  decodeMapping,
  decodeText,
  decodeTextMap,
  decodeTexts,
  decodeUint,
  decodeUlimit,
  decodeVariables,
} from '../canonical/decode.ts'
import { fields, listOf, mapOf, type Shape, text, uniqueListOf } from './shape.ts'

const scalar: Shape = { text: true, number: 'any', boolean: true, null: true }

/** A mapping of plain values, or a list of `key=value`. */
const listOrMap: Shape = { ...uniqueListOf(text), ...mapOf(scalar) }

export const string: Shape = { ...text, decode: decodeText }
export const flag: Shape = { text: true, boolean: true, decode: decodeBoolean }
export const flagOrUnset: Shape = { ...flag, keepsZero: true }
export const integer: Shape = { text: true, number: 'integer', decode: decodeInt }
export const integerOrUnset: Shape = { ...integer, keepsZero: true }
export const unsigned: Shape = { ...integer, decode: decodeUint }
const number: Shape = { text: true, number: 'any' }
export const wholeNumber: Shape = { ...number, decode: decodeInt }
export const float32: Shape = { ...number, decode: decodeFloat32 }
export const bytes: Shape = { ...number, decode: decodeBytes, example: '512m' }
export const integerBytes: Shape = { ...integer, decode: decodeBytes, example: '512m' }
export const memory: Shape = { ...text, decode: decodeBytes, example: '512M' }
export const durationOrUnset: Shape = {
  ...text,
  decode: decodeDuration,
  keepsZero: true,
  example: '1m30s',
}
export const duration: Shape = { ...text, decode: decodeDurationAboveZero, example: '1m30s' }
export const command: Shape = {
  text: true,
  null: true,
  ...listOf(text),
  decode: decodeCommand,
  keepsZero: true,
  example: '["serve", "--port", "80"]',
}
export const uniqueTexts: Shape = uniqueListOf(string, { example: '[a, b]' })
export const texts: Shape = listOf(string, { example: '[a, b]' })
export const textOrTexts: Shape = { ...uniqueTexts, text: true, decode: decodeTexts }
export const labels: Shape = { ...listOrMap, decode: decodeMapping, example: '{ key: value }' }
export const mapping: Shape = { ...listOrMap, decode: decodeMapping, example: '{ key: value }' }
export const variables: Shape = { ...listOrMap, decode: decodeVariables, example: '{ KEY: value }' }
/** Numbers and texts, handed to a driver as texts. */
export const options: Shape = { ...mapOf({ text: true, number: 'any' }), decode: decodeMapping }
export const textMap: Shape = { ...mapOf({ text: true, number: 'any' }), decode: decodeTextMap }
export const hosts: Shape = {
  ...uniqueListOf(text),
  ...mapOf({ text: true, ...listOf(text) }),
  decode: decodeHosts,
  example: '["name=10.0.0.1"]',
}

const limitValue: Shape = { text: true, number: 'integer', decode: decodeUlimit }
const limit: Shape = {
  ...limitValue,
  ...fields({ hard: limitValue, soft: limitValue }, ['soft', 'hard']),
}
export const ulimits: Shape = {
  map: { names: { pattern: /^[a-z]+$/, shape: limit }, open: true },
  example: '{ nofile: 20000 }',
}

export const hook: Shape = fields(
  { command, user: string, privileged: flag, working_dir: string, environment: variables },
  ['command'],
)

const deviceRequestFields: Record<string, Shape> = {
  capabilities: uniqueTexts,
  count: { text: true, number: 'integer' },
  device_ids: uniqueTexts,
  driver: string,
  options: { ...listOrMap, decode: decodeMapping },
}
export const deviceRequest: Shape = fields(deviceRequestFields, ['capabilities'])
export const gpu: Shape = { map: { fields: deviceRequestFields, open: true }, keepsZero: true }

export const namePattern: RegExp = /^[a-zA-Z0-9._-]+$/
