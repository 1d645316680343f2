import { ATTRIBUTE, escaped, locateXml, TOKEN } from '../xml.ts'
import { linesAround, type Place, spliced } from './flow.ts'
import type { LineFormat } from './lines.ts'

interface Element {
  name: string
  start: number
  /** Of its first tag. */
  tag: Place
  /** Where its last tag starts; absent for `<none/>`. */
  close?: number
  end: number
  children: Element[]
}

const NAME = /^[\p{L}_:][\p{L}\p{N}_:.-]*$/u

/** XML with elements and attributes that are added and removed. */
export const xmlChanges: LineFormat = {
  add(text, path, value) {
    const last = path.at(-1) ?? ''
    const attribute = last.startsWith('@') ? last.slice(1) : undefined
    const names = attribute === undefined ? path : path.slice(0, -1)
    const { element, rest } = follow(elementsOf(text), names)
    if (element === undefined) return undefined
    if (attribute !== undefined) {
      if (rest.length > 0 || !NAME.test(attribute)) return undefined
      const at = element.start + 1 + element.name.length
      return spliced(text, { start: at, end: at }, ` ${attribute}="${escaped(value)}"`)
    }
    const added = wrap(element, rest, escaped(value))
    return added === undefined ? undefined : addChild(text, element, added)
  },
  remove(text, path) {
    const last = path.at(-1) ?? ''
    const isAttribute = last.startsWith('@')
    const { element, rest } = follow(elementsOf(text), isAttribute ? path.slice(0, -1) : path)
    if (element === undefined || rest.length > 0 || path.length < 2) return undefined
    if (isAttribute) {
      const tag = text.slice(element.tag.start, element.tag.end)
      const found = [...tag.matchAll(ATTRIBUTE)].find(([, name]) => name === last.slice(1))
      if (found === undefined || locateXml(text, path) === undefined) return undefined
      const start = element.tag.start + found.index
      return spliced(text, { start: start - 1, end: start + found[0].length })
    }
    const whole = linesAround(text, element)
    const alone =
      text.slice(whole.start, element.start).trim() === '' &&
      text.slice(element.end, whole.end).trim() === ''
    return spliced(text, alone ? whole : element)
  },
}

/** The elements from the root on. */
function elementsOf(text: string): Element[] {
  const roots: Element[] = []
  const open: Element[] = []
  for (const token of text.matchAll(TOKEN)) {
    const [whole, closing, name, , empty] = token
    if (name === undefined) continue
    const end = token.index + whole.length
    if (closing === '/') {
      const element = open.pop()
      if (element?.name !== name) throw new SyntaxError(`not XML: </${name}> closes nothing`)
      Object.assign(element, { close: token.index, end })
      continue
    }
    const tag = { start: token.index, end }
    const element: Element = { name, start: token.index, tag, end, children: [] }
    ;(open.at(-1)?.children ?? roots).push(element)
    if (empty !== '/') open.push(element)
  }
  if (open.length > 0) throw new SyntaxError(`not XML: <${open.at(-1)?.name}> is not closed`)
  return roots
}

/** The element that is reached on a path, and the rest of the path. */
function follow(
  elements: readonly Element[],
  path: readonly string[],
): { element: Element | undefined; rest: readonly string[] } {
  let found: Element | undefined
  let at = elements
  for (const [index, part] of path.entries()) {
    const { name, number } = numbered(part)
    const next = at.filter((one) => one.name === name)[number - 1]
    if (next === undefined) return { element: found, rest: path.slice(index) }
    found = next
    at = next.children
  }
  return { element: found, rest: [] }
}

function numbered(part: string): { name: string; number: number } {
  const [, name = part, number = '1'] = /^(.*)\[(\d+)\]$/.exec(part) ?? []
  return { name, number: Number(number) }
}

/** New elements around a text; undefined where they are not the next ones of their names. */
function wrap(parent: Element, path: readonly string[], text: string): string | undefined {
  let inner = text
  for (const [index, part] of [...path.entries()].reverse()) {
    const { name, number } = numbered(part)
    const before = index === 0 ? parent.children.filter((one) => one.name === name).length : 0
    if (!NAME.test(name) || number !== before + 1) return undefined
    inner = `<${name}>${inner}</${name}>`
  }
  return path.length === 0 ? undefined : inner
}

function addChild(text: string, element: Element, child: string): string {
  const { close, tag, children } = element
  if (close === undefined) {
    const opened = text.slice(tag.start, tag.end).replace(/\s*\/>$/, '>')
    return spliced(text, tag, `${opened}${child}</${element.name}>`)
  }
  const last = children.at(-1)
  const at = last?.end ?? close
  const space = last === undefined ? '' : (/\n[ \t]*$/.exec(text.slice(0, last.start))?.[0] ?? '')
  return spliced(text, { start: at, end: at }, `${space}${child}`)
}
