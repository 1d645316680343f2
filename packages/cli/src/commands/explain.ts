import type { Command } from 'commander'
import { table } from '../display/table.ts'
import { UsageError } from '../errors.ts'
import { findPages, listPages, type Page } from '../explain/find-page.ts'
import { EXIT, type Terminal } from '../terminal.ts'

export function define(command: Command, terminal: Terminal): void {
  command
    .argument('[WORD...]', 'a code, an adaptation, a reason or another word that Landfall printed')
    .description('Shows the page that documents something Landfall prints; without a word, a list.')
    .addHelpText(
      'after',
      `
Examples:
  landfall explain gates                    an adaptation, as \`plan\` and the ledger name it
  landfall explain convert/impossible-wait  the code of a diagnostic
  landfall explain ImagePullBackOff         the reason of a verdict`,
    )
    .action((words: string[]) => {
      terminal.stdout.write(words.length === 0 ? listed(listPages()) : explained(words.join(' ')))
      terminal.exitCode = EXIT.done
    })
}

function explained(word: string): string {
  const pages = listPages()
  const found = findPages(word, pages)
  if (found.length === 0)
    throw new UsageError(`Landfall prints no "${word}"`, '`landfall explain` lists what it prints')
  return found.map(({ text }) => text()).join('\n')
}

function listed(pages: readonly Page[]): string {
  const rows = pages.map(({ names: [name], title }) => [name, title])
  return `${table(rows)}\n`
}
