/** One simple command of a shell script. */
export interface ShellCommand {
  /** The program and its arguments, without quotes, assignments and redirections. */
  words: string[]
  /** Ends in `&`: the script goes on at once. */
  background: boolean
  /** How many loops, branches and groups stand around it. */
  depth: number
  /** Stands in a loop that has no end: a condition that always holds, and nothing inside that leaves it. */
  endless: boolean
}

/** What begins a construct, and what ends one. */
const OPENS = new Set(['if', 'while', 'until', 'for', 'select', '{', '('])
const CLOSES = new Set(['fi', 'done', '}', ')'])
const PASSES = new Set(['then', 'do', 'else', 'elif', '!', 'time'])
const LEAVES = new Set(['break', 'exit', 'return', 'exec'])
/** Conditions of `while` that some day do not hold. */
const PASSING = new Set(['[', '[[', 'test', 'read', 'nc', 'ncat', 'curl', 'wget', 'ping', 'grep'])
const ALWAYS = /^(\[\[? (1|true|1 (-eq|=|==) 1) \]\]?|test 1)$/

/**
 * The simple commands of a POSIX shell script in their order, or undefined for a script that this reader does not
 * follow (`case`, functions).
 * https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html
 */
export function shellCommands(script: string): ShellCommand[] | undefined {
  const text = withoutQuotes(script)
    .replace(/\bfor\s*\(\(\s*;\s*;\s*\)\)/g, 'while true')
    .replace(/\bfor\s*\(\([^()]*\)\)/g, 'for i')
  if (/(^|[\s;&|])(case\s|function\s|[\w-]+\s*\(\s*\))/.test(text)) return undefined
  const commands: ShellCommand[] = []
  const open: { from: number; endless: boolean }[] = []
  let condition: 'while' | 'until' | undefined
  let negated = false
  const close = (): void => {
    const inside = commands.slice(open.at(-1)?.from)
    if (open.pop()?.endless !== true || inside.some(({ words }) => LEAVES.has(words[0] ?? '')))
      return
    for (const command of inside) command.endless = true
  }
  const parts = text.split(/(&&|\|\||[;|&()\n])/)
  for (let at = 0; at < parts.length; at += 2) {
    const words = (parts[at] as string).split(/\s+/).filter((word) => word !== '')
    const operator = parts[at + 1] ?? ''
    while (words.length > 0) {
      const [word = ''] = words
      if (CLOSES.has(word)) close()
      else if (OPENS.has(word)) {
        open.push({ from: commands.length, endless: false })
        condition = word === 'while' || word === 'until' ? word : undefined
        negated = false
        if (word === 'for' || word === 'select') words.length = 0
      } else if (!PASSES.has(word) && !/^\w+=/.test(word)) break
      if (word === '!') negated = true
      words.shift()
    }
    if (words.length > 0) {
      commands.push({ words, background: operator === '&', depth: open.length, endless: false })
      const loop = open.at(-1)
      const said = words.join(' ')
      if (loop !== undefined && condition !== undefined)
        loop.endless =
          condition === 'while'
            ? !negated && (!PASSING.has(words[0] ?? '') || ALWAYS.test(said))
            : said === 'false'
      condition = undefined
    }
    if (operator === '(') open.push({ from: commands.length, endless: false })
    if (operator === ')') close()
  }
  return commands
}

/** A script in which quoted text has no operators, and without comments, substitutions, here-documents and redirections. */
function withoutQuotes(script: string): string {
  let text = ''
  let rest = withoutHereDocuments(script)
  while (rest !== '') {
    const quoted = /^'[^']*'?|^"(?:\\[\s\S]|[^"\\])*"?/.exec(rest)?.[0]
    const skipped =
      /^\\\n|^`[^`]*`?|^\d?(?:>>|>\||<<<|<|>)\s*&?[^\s;|&()]*/.exec(rest)?.[0] ??
      (/(^|[\s;&|(])$/.test(text) ? /^#[^\n]*/.exec(rest)?.[0] : undefined)
    if (rest.startsWith('$(')) {
      text += '$'
      rest = rest.slice(closingOf(rest))
    } else if (quoted !== undefined) {
      text += quoted.slice(1, -1).replace(/[;&|()\n#<>{}]/g, '_')
      rest = rest.slice(quoted.length)
    } else if (skipped !== undefined) {
      text += skipped.startsWith('`') ? '$' : ' '
      rest = rest.slice(skipped.length)
    } else {
      const taken = rest.startsWith('\\') ? 2 : 1
      text += taken === 2 ? '_' : rest[0]
      rest = rest.slice(taken)
    }
  }
  return text
}

function withoutHereDocuments(script: string): string {
  return script.replace(/<<-?\s*(['"]?)(\w+)\1([^\n]*)\n[\s\S]*?\n\s*\2(?=\n|$)/g, '$3')
}

/** Length of the `$(…)` that a text begins with. */
function closingOf(text: string): number {
  let open = 0
  for (let at = 1; at < text.length; at++)
    if (text[at] === '(') open++
    else if (text[at] === ')' && --open === 0) return at + 1
  return text.length
}
