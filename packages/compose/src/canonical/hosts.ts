import { goPrint } from '../tree/go-print.ts'
import { type Node, originsOfEntry, type ScalarNode, textNode } from '../tree/node.ts'

/** `extra_hosts` in either form as sorted `host=address` texts. */
export function decodeHostsMap(node: Node): ScalarNode[] | Node | { readonly error: string } {
  const pairs: { host: string; address: string; from: Node }[] = []
  if (node.kind === 'map') {
    for (const [host, value] of node.entries)
      for (const one of value.kind === 'list' ? value.items : [value])
        pairs.push({
          host,
          address: one.kind === 'scalar' ? String(one.value ?? '') : '',
          from: one,
        })
  } else if (node.kind === 'list') {
    for (const item of node.items) {
      const text = item.kind === 'scalar' ? goPrint(item) : ''
      const separator = text.includes('=') ? '=' : ':'
      const at = text.indexOf(separator)
      if (at === -1) return { error: `"${text}" has no address; write host=address` }
      for (const address of text.slice(at + 1).split(','))
        pairs.push({ host: text.slice(0, at), address, from: item })
    }
  } else return node
  const wrong = pairs.find(({ host }) => host === '' || /[:=]/.test(host))
  if (wrong !== undefined) return { error: `"${wrong.host}" is not a valid host name` }
  return pairs
    .map(({ host, address, from }) => {
      const bare = /^\[.+\]$/s.test(address) ? address.slice(1, -1) : address
      return textNode(`${host}=${bare}`, originsOfEntry(from))
    })
    .sort((a, b) => (String(a.value) < String(b.value) ? -1 : 1))
}
