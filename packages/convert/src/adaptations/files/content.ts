import { Buffer } from 'node:buffer'

/** Bytes as a ConfigMap holds them. */
export type Content = { text: string } | { base64: string }

/** Text where the bytes are UTF-8 and survive as such, base64 where not. */
export function contentOf(bytes: Uint8Array): Content {
  const text = Buffer.from(bytes).toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes)
    ? { text }
    : { base64: Buffer.from(bytes).toString('base64') }
}

/** Bytes that the content takes in an object's JSON; a Secret holds base64 alone. */
export function storedSize(bytes: Uint8Array, secret = false): number {
  if (secret) return Math.ceil(bytes.length / 3) * 4
  const content = contentOf(bytes)
  return 'text' in content ? Buffer.byteLength(JSON.stringify(content.text)) : content.base64.length
}
