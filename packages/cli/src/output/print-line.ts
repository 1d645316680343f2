import { visibleJson } from '@landfall/diagnostic'
import type { Static } from 'typebox'
import { API_VERSION } from '../contract/api-version.ts'
import type { outputs } from '../contract/index.ts'
import type { Terminal } from '../terminal.ts'

/** A line without its version. */
export type Unversioned<T> = T extends unknown ? Omit<T, 'apiVersion' | 'site'> : never

/** Everything that is printed for programs. */
export type OutputLine = Unversioned<Static<(typeof outputs)[keyof typeof outputs][number]>>

/** Prints one line for programs, without secrets. */
export function printLine(
  line: OutputLine,
  { content, mask, site }: Pick<Terminal, 'content' | 'mask' | 'site'>,
): void {
  content.write(
    `${visibleJson(mask.json({ apiVersion: API_VERSION, ...(site !== undefined && { site }), ...line }))}\n`,
  )
}
