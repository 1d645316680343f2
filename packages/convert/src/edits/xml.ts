import type { Located } from './located.ts'

export const TOKEN =
  /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<![^>]*>|<(\/?)([^\s/>]+)((?:\s+[^\s=>/]+\s*=\s*(?:"[^"]*"|'[^']*'))*)\s*(\/?)>/g
export const ATTRIBUTE = /([^\s=]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

/**
 * XML: elements from the root on, `/server/port`, the second of its name as `bean[2]`, an attribute as `@name`. Elements
 * are set as texts.
 */
export function locateXml(text: string, path: readonly string[]): Located | undefined {
  const attribute = path.at(-1)?.startsWith('@') === true ? path.at(-1)?.slice(1) : undefined
  const wanted = (attribute === undefined ? path : path.slice(0, -1)).map((name) =>
    name.endsWith(']') ? name : `${name}[1]`,
  )
  const open: { name: string; counts: Map<string, number>; end: number; children: number }[] = []
  const roots = new Map<string, number>()
  for (const token of text.matchAll(TOKEN)) {
    const [whole, closing, name, attributes = '', empty] = token
    if (name === undefined) continue
    const matches = (): boolean =>
      open.length === wanted.length &&
      open.every((element, index) => element.name === wanted[index])
    if (closing === '/') {
      const element = open.at(-1)
      if (element === undefined || !element.name.startsWith(`${name}[`))
        throw new SyntaxError(`not XML: </${name}> closes nothing`)
      if (matches() && attribute === undefined)
        return textAt(element.end, token.index, element.children > 0)
      open.pop()
      continue
    }
    const parent = open.at(-1)
    if (parent !== undefined) parent.children++
    const counts = parent?.counts ?? roots
    counts.set(name, (counts.get(name) ?? 0) + 1)
    const end = token.index + whole.length
    open.push({ name: `${name}[${counts.get(name)}]`, counts: new Map(), end, children: 0 })
    if (matches() && attribute !== undefined)
      return attributeAt(token.index + 1 + name.length, attributes, attribute)
    if (empty !== '/') continue
    if (matches()) return emptyAt(token.index, whole, name)
    open.pop()
  }
  if (open.length > 0) throw new SyntaxError(`not XML: <${open.at(-1)?.name}> is not closed`)
  return undefined
}

function textAt(start: number, end: number, hasElements: boolean): Located {
  return { start, end, type: hasElements ? 'mapping' : 'any', print: escaped }
}

function emptyAt(start: number, tag: string, name: string): Located {
  return {
    start,
    end: start + tag.length,
    type: 'any',
    print: (value) => `${tag.replace(/\s*\/>$/, '>')}${escaped(value)}</${name}>`,
  }
}

function attributeAt(start: number, attributes: string, wanted: string): Located | undefined {
  for (const match of attributes.matchAll(ATTRIBUTE)) {
    const [whole, name, double, single] = match
    if (name !== wanted) continue
    const value = double ?? single ?? ''
    const end = start + match.index + whole.length - 1
    return { start: end - value.length, end, type: 'any', print: escaped }
  }
  return undefined
}

export function escaped(value: unknown): string {
  const entities: Record<string, string> = {
    '&': '&amp;',
    '<': '&lt;',
    '"': '&quot;',
    "'": '&apos;',
  }
  return String(value ?? '').replace(/[&<"']/g, (character) => entities[character] as string)
}
