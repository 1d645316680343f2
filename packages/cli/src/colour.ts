import type { Paint } from '@landfall/diagnostic'
import { control } from './escapes.ts'
import type { Writer } from './output/writer.ts'
import type { Terminal } from './terminal.ts'

const CODES = {
  error: '31',
  warning: '33',
  note: '36',
  dim: '2',
  bold: '1',
  good: '32',
} as const

/** Marks text with a role of its display; nothing is marked where colours are not wanted. */
export interface Colour {
  (role: keyof typeof CODES, text: string): string
  /** Whether colours are wanted. */
  readonly wanted?: boolean
}

/** Colours for a stream: on a terminal, unless NO_COLOR (https://no-color.org) or TERM=dumb says otherwise. */
export function colourFor(writer: Writer, env: Terminal['env']): Colour & Paint {
  const wanted = writer.columns !== undefined && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb'
  const colour = (role: keyof typeof CODES, text: string): string =>
    wanted && text !== '' ? `${control(`[${CODES[role]}m`)}${text}${control('[0m')}` : text
  return Object.assign(colour, { wanted })
}
