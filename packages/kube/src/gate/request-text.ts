/** A request that is more than the GET of a URL. */
export interface WaitRequest {
  method?: string
  headers?: Record<string, string>
  body?: string
}

/**
 * A request as one word of a gate's list: the options of a curl configuration file, in which every byte that is not plain is an octal escape of
 * `printf '%b'`. https://curl.se/docs/manpage.html#-K
 */
export function printRequest({ method, headers = {}, body }: WaitRequest): string {
  const lines = [
    ...(method === undefined ? [] : [`request = ${quoted(method)}`]),
    ...Object.entries(headers).map(([name, value]) => `header = ${quoted(`${name}: ${value}`)}`),
    ...(body === undefined ? [] : [`data-raw = ${quoted(body)}`]),
  ]
  return [...new TextEncoder().encode(`${lines.join('\n')}\n`)]
    .map((byte) => {
      const character = String.fromCharCode(byte)
      return /[A-Za-z0-9._/:={}"-]/.test(character)
        ? character
        : `\\0${byte.toString(8).padStart(3, '0')}`
    })
    .join('')
}

/** Reads what {@link printRequest} has written. */
export function parseRequest(word: string): WaitRequest {
  const bytes: number[] = []
  for (const [, octal, plain = ''] of word.matchAll(/\\0([0-7]{3})|(.)/g))
    bytes.push(octal === undefined ? plain.charCodeAt(0) : Number.parseInt(octal, 8))
  const request: WaitRequest = {}
  for (const line of new TextDecoder().decode(new Uint8Array(bytes)).split('\n')) {
    const [, option, text = ''] = /^(request|header|data-raw) = "(.*)"$/.exec(line) ?? []
    const value = text.replace(/\\(.)/g, (_, character: string) => UNQUOTED[character] ?? character)
    if (option === 'request') request.method = value
    if (option === 'data-raw') request.body = value
    if (option === 'header') {
      const [name = '', ...rest] = value.split(': ')
      request.headers = { ...request.headers, [name]: rest.join(': ') }
    }
  }
  return request
}

const UNQUOTED: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' }
const QUOTED: Readonly<Record<string, string>> = {
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '"': '\\"',
  '\\': '\\\\',
}

function quoted(text: string): string {
  return `"${text.replace(/[\n\r\t"\\]/g, (character) => QUOTED[character] ?? character)}"`
}
