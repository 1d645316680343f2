import type { Conversion } from '../../conversion.ts'
import { type DialText, dialTexts } from '../../facts/texts.ts'

/** Words by which a variable, a flag or a key of a config file says that its value is a host. */
const HOST_WORD =
  /(host|server|addr|url|uri|endpoint|broker|upstream|backend|node|peer|bootstrap|dsn|registry|connect|proxy_pass|^-h$)/i

/** What may stand beside a name: `my_db` is not found in `my_db_2` nor in `x.my_db`. */
const NAME = /(?<![\w.-])[\w][\w.-]*(?![\w-])/g

/**
 * Puts the legal name in place of one that is not, wherever a text dials it: before a port, in a URL, after an `@`,
 * or as a value of something that is called a host. A database or a user of the same name is left alone.
 */
export function rewriteDialledNames(conversion: Conversion): void {
  const legal = new Map<string, string>()
  for (const { plan } of conversion.services)
    for (const { written, name } of plan.names)
      if (written.toLowerCase() !== name) legal.set(written, name)
  if (legal.size === 0) return
  for (const service of conversion.services) {
    let flag = ''
    for (const text of dialTexts(service)) {
      const rewritten = rewrite(text, legal, flag)
      flag = text.where === 'command' || text.where === 'entrypoint' ? text.text : ''
      if (rewritten === text.text) continue
      text.replace(rewritten)
      if (text.variable !== undefined)
        service.note(
          'names-to-services',
          ['environment', text.variable],
          'adapted',
          'the name that it dials is rewritten to the legal one',
        )
    }
  }
}

function rewrite(text: DialText, legal: ReadonlyMap<string, string>, flag: string): string {
  const { variable } = text
  if (variable !== undefined) return rewriteValue(text.text, legal, HOST_WORD.test(variable))
  if (text.where === 'command' || text.where === 'entrypoint')
    return rewriteValue(text.text, legal, HOST_WORD.test(flag) || HOST_WORD.test(text.text))
  return text.text
    .split('\n')
    .map((line) => rewriteValue(line, legal, HOST_WORD.test(line)))
    .join('\n')
}

function rewriteValue(text: string, legal: ReadonlyMap<string, string>, isHost: boolean): string {
  return text.replace(NAME, (word, at: number) => {
    const bare = word.replace(/[.-]+$/, '')
    const name = legal.get(bare)
    if (name === undefined) return word
    const rest = word.slice(bare.length)
    const before = text.slice(0, at)
    const after = text.slice(at + word.length)
    const dialled = /(:\/\/|@)$/.test(before) || /^:\d/.test(after)
    return dialled || isHost ? name + rest : word
  })
}
