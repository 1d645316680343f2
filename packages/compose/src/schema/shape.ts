import type { ComposeCode } from '../codes.ts'
import type { Node } from '../tree/node.ts'

/** Turns a canonical value into the one that the project holds, or says what is wrong with it. */
export type Decode = (node: Node) => Node | DecodeError

export interface DecodeError {
  readonly error: string
  /** `compose/invalid-value` where it is left out. */
  readonly code?: ComposeCode
}

/** What an attribute takes, in its short and long forms, and how its value is read in the end. */
export interface Shape {
  readonly text?: true
  readonly number?: 'any' | 'integer'
  readonly boolean?: true
  readonly null?: true
  readonly list?: ListShape
  readonly map?: MapShape
  /** Anything goes. */
  readonly any?: true
  /** The texts that are allowed. */
  readonly values?: readonly string[]
  readonly pattern?: RegExp
  readonly minimum?: number
  readonly maximum?: number
  readonly decode?: Decode
  /** A value of zero, false, an empty text, list or mapping means something and is kept. */
  readonly keepsZero?: true
  /** Accepted, and without any effect in Docker Compose: not part of the project. */
  readonly discarded?: true
  /** What to write instead of a value of the wrong type, as one line of YAML. */
  readonly example?: string
}

export interface ListShape {
  readonly items: Shape
  readonly unique?: true
}

export interface MapShape {
  readonly fields?: Readonly<Record<string, Shape>>
  readonly required?: readonly string[]
  /** Keys that are names given by people, and their values. */
  readonly names?: { readonly pattern: RegExp; readonly shape: Shape }
  /** Other keys are let through. */
  readonly open?: true
  /** `x-` keys are let through. */
  readonly extensible?: true
}

const anyName = /^[\s\S]+$/

export const text: Shape = { text: true }

/** A mapping with known keys, and `x-` ones. */
export function fields(fields: Record<string, Shape>, required: readonly string[] = []): Shape {
  return { map: { fields, required, extensible: true }, keepsZero: true }
}

/** A mapping with known keys and no others. */
export function strictFields(
  fields: Record<string, Shape>,
  required: readonly string[] = [],
): Shape {
  return { map: { fields, required }, keepsZero: true }
}

/** A mapping from names to values of one shape. */
export function mapOf(shape: Shape, pattern: RegExp = anyName): Shape {
  return { map: { names: { pattern, shape } } }
}

export function listOf(items: Shape, rest: Omit<Shape, 'list'> = {}): Shape {
  return { ...rest, list: { items } }
}

export function uniqueListOf(items: Shape, rest: Omit<Shape, 'list'> = {}): Shape {
  return { ...rest, list: { items, unique: true } }
}
