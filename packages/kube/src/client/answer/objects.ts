import type { KubeObject } from '../../object.ts'
import type { KindReference } from '../../reference.ts'
import { AnswerError } from '../status-error.ts'
import { shapesOf } from './kinds.ts'
import { requireShape, type Shape } from './shape.ts'

/** What cannot be one part of a path, which names are. https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#path-segment-names */
const NO_PATH_SEGMENT = /^\.{0,2}$|[/%]/

/** An object of an answer, which must be of this kind and, if it is given, of this name. Throws an AnswerError otherwise. */
export function parseObject(
  value: unknown,
  { apiVersion, kind }: KindReference,
  name?: string,
): KubeObject {
  requireShape(value, { apiVersion: 'text', kind: 'text' }, '')
  const object = value as KubeObject
  if (object.apiVersion !== apiVersion || object.kind !== kind)
    throw new AnswerError(`something else than an object of kind ${kind}`)
  parseItem(object, { apiVersion, kind }, kind)
  if (name !== undefined && object.metadata.name !== name)
    throw new AnswerError(`another ${kind} than ${name}`)
  return object
}

function parseItem(value: unknown, { apiVersion, kind }: KindReference, place: string): KubeObject {
  for (const shape of shapesOf(apiVersion, kind)) requireShape(value, shape, place)
  const object = value as KubeObject
  if (NO_PATH_SEGMENT.test(object.metadata.name))
    throw new AnswerError(`JSON in which ${place}.metadata.name is not a name`)
  return object
}

const LIST: Shape = { metadata: { continue: 'text', resourceVersion: 'text' }, items: ['object'] }

/** One page of a list: its objects with their kind, which items of a list do not have, and where it continues. */
export function parseList(
  value: unknown,
  { apiVersion, kind }: KindReference,
): { items: KubeObject[]; resourceVersion: string; next: string | undefined } {
  requireShape(value, LIST, '')
  const { items = [], metadata = {} } = value as {
    items?: unknown[]
    metadata?: { continue?: string; resourceVersion?: string }
  }
  return {
    items: items.map((item, at) => ({
      ...parseItem(item, { apiVersion, kind }, `items[${at}]`),
      apiVersion,
      kind,
    })),
    resourceVersion: metadata.resourceVersion ?? '',
    next: metadata.continue || undefined,
  }
}
