import type { ServiceConversion } from '../../conversion.ts'
import type { PlannedProbe } from '../../plan.ts'

type HttpAction = Extract<PlannedProbe['action'], { httpGet: unknown }>

/** A request that the kubelet makes in place of a program of the image. */
export interface HttpCheck {
  action: HttpAction
  /** Seconds that the program would have waited at most, where it says so. */
  timeout?: number
}

/** What a program asks for, and in which way. */
interface Request {
  url: string
  insecure: boolean
  /** An answer of 400 and above makes it fail. */
  fails: boolean
  timeout?: number
}

const OWN = new Set(['localhost', '127.0.0.1'])

const PROXIES = ['http_proxy', 'https_proxy', 'all_proxy']

/** The end of a test that only makes its exit code 1, and output that nobody reads. */
const TAIL = /(\s*\d?>\s*\/dev\/null|\s*2>&1|\s*\|\|\s*(exit\s+1|false))*\s*$/

/** Words of a shell text that is one plain command; undefined where the shell would do more than cut it. */
function plainWords(text: string): string[] | undefined {
  const words: string[] = []
  const rest = text
    .trim()
    .replace(TAIL, '')
    .replace(
      /(?<=^|\s)(?:"([^"$`\\]*)"|'([^']*)'|([\w./:@%+=,-]+))(?=\s|$)/g,
      (_, double?: string, single?: string, bare?: string) => {
        words.push(double ?? single ?? bare ?? '')
        return ''
      },
    )
  return rest.trim() === '' && words.length > 0 ? words : undefined
}

/**
 * The request of a test that asks its own container by curl or wget, where the kubelet's own request tells the same: a
 * GET, of a port that others dial as well (the kubelet asks from outside, where a program that listens on localhost
 * alone does not answer), failed by a status of 400 and above.
 */
export function httpCheckOf(
  service: ServiceConversion,
  test: readonly string[],
): HttpCheck | undefined {
  const [form, ...rest] = test
  const words =
    form === 'CMD-SHELL' ? plainWords(rest.join(' ')) : form === 'CMD' ? rest : undefined
  const program = words?.[0]?.split('/').at(-1)
  if (words === undefined || usesProxy(service)) return undefined
  const request =
    program === 'curl'
      ? readOptions(words.slice(1), CURL)
      : program === 'wget'
        ? readOptions(words.slice(1), WGET)
        : undefined
  if (request?.fails !== true) return undefined
  const action = actionOf(service, request)
  if (action === undefined) return undefined
  return { action, ...(request.timeout === undefined ? {} : { timeout: request.timeout }) }
}

function usesProxy({ plan, image }: ServiceConversion): boolean {
  const names = [...Object.keys(plan.environment), ...Object.keys(image.facts.environment ?? {})]
  return names.some((name) => PROXIES.includes(name.toLowerCase()))
}

/** Options that change nothing of what the exit code tells; each takes a value, or none. */
interface Options {
  fails: boolean
  flags: RegExp
  failing: RegExp
  insecure: RegExp
  values: RegExp
  timeout: RegExp
}

const CURL: Options = {
  fails: false,
  flags: /^(-[fsSkg]+|--(fail|silent|show-error|insecure|globoff))$/,
  failing: /^(-[sSkg]*f[fsSkg]*|--fail)$/,
  insecure: /^(-[fsSg]*k[fsSkg]*|--insecure)$/,
  values: /^(-[fsSkg]*[om]|--(output|max-time|retry))$/,
  timeout: /^(-[fsSkg]*m|--max-time)$/,
}

const WGET: Options = {
  fails: true,
  flags:
    /^(-q|-nv|--quiet|--no-verbose|--no-check-certificate|-q?O-|-O\/dev\/null|--(tries|timeout|output-document)=\S+)$/,
  failing: /(?!)/,
  insecure: /^--no-check-certificate$/,
  values: /^(-q?O|-t|-T|--(tries|timeout|output-document))$/,
  timeout: /(?!)/,
}

function readOptions(words: readonly string[], options: Options): Request | undefined {
  const request: Request = { url: '', insecure: false, fails: options.fails }
  for (let at = 0; at < words.length; at++) {
    const word = words[at] as string
    if (options.failing.test(word) || /^-[sSkg]*f[fsSkg]*[om]$/.test(word)) request.fails = true
    if (options.insecure.test(word)) request.insecure = true
    if (options.values.test(word)) {
      at++
      if (options.timeout.test(word)) request.timeout = Number(words[at])
    } else if (!word.startsWith('-') && request.url === '') request.url = word
    else if (!options.flags.test(word)) return undefined
  }
  return request.url === '' || Number.isNaN(request.timeout) ? undefined : request
}

function actionOf(service: ServiceConversion, { url, insecure }: Request): HttpAction | undefined {
  const [, scheme = 'http', authority, host = '', written, path = '/'] =
    /^(?:(https?):\/\/)?(([\w.-]+)(?::(\d+))?)(\/[^\s#]*)?$/.exec(url) ?? []
  const { names, ports } = service.plan
  const own = OWN.has(host) || names.some((name) => name.written === host || name.name === host)
  const port = Number(written ?? (scheme === 'https' ? 443 : 80))
  const dialled = ports.some(
    (known) => known.port === port && known.protocol === 'TCP' && known.onlyExposed !== true,
  )
  if (authority === undefined || !own || !dialled || (scheme === 'https' && !insecure))
    return undefined
  return {
    httpGet: {
      path,
      port,
      scheme: scheme === 'https' ? 'HTTPS' : 'HTTP',
      // A program that looks at the name by which it is asked hears the same one.
      httpHeaders: [{ name: 'Host', value: authority }],
    },
  }
}
