import type { Command } from 'commander'
import { table } from '../display/table.ts'
import { UsageError } from '../errors.ts'
import { findPages, listPages, type Page } from '../explain/find-page.ts'
import { EXIT, type Terminal } from '../terminal.ts'

export function define(command: Command, terminal: Terminal): void {
  command
    .argument(
      '[WORD...]',
      'a code, an adaptation, a reason or another word that Landfall has printed',
    )
    .description(
      'Shows the documentation of something that Landfall prints. If WORD is omitted, lists everything.',
    )
    .addHelpText(
      'after',
      `
Examples:
  landfall explain gates                    an adaptation, as \`plan\` and the ledger name it
  landfall explain convert/impossible-wait  the code of a diagnostic
  landfall explain ImagePullBackOff         the reason of a verdict`,
    )
    .action((words: string[]) => {
      terminal.content.write(words.length === 0 ? listed(listPages()) : explained(words.join(' ')))
      terminal.exitCode = EXIT.done
    })
}

function explained(word: string): string {
  const pages = listPages()
  const found = findPages(word, pages)
  if (found.length === 0)
    throw new UsageError(
      `no documentation for "${word}"`,
      '`landfall explain` lists everything that is documented',
    )
  return found.map(({ text }) => text()).join('\n')
}

function listed(pages: readonly Page[]): string {
  const rows = pages.map(({ names: [name], title }) => [name, title])
  return `${table(rows)}\n`
}
