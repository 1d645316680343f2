import {
  type Check,
  type CheckRequest,
  type CheckStep,
  CURL,
  curlConfig,
  fillJson,
  referencesIn,
} from '@landfall/kube'

/** For one request, in milliseconds. */
const REQUEST_MS = 10_000

/**
 * A program for `sh` with curl that ends with 0 when a check holds, and with 1 and the reason when it does not within its time. Undefined for
 * what takes more than curl: commands, captured values, JSON, regular expressions, and requests with secrets, which no chart holds.
 */
export function testScript({ name, steps, withinMs, secrets }: Check): string | undefined {
  if (secrets.length > 0) return undefined
  const functions = steps.map((step, index) => stepFunction(step, `step_${index + 1}`))
  if (functions.includes(undefined)) return undefined
  return `set -u
head_end=$(printf '\\r\\n\\r')
end=$(($(date +%s) + ${Math.ceil(withinMs / 1000)}))
why='no response'
${functions.join('\n')}
for step in ${steps.map((_, index) => `step_${index + 1}`).join(' ')}; do
  until "$step"; do
    if [ "$(date +%s)" -ge "$end" ]; then
      printf '%s does not hold: %s\\n' ${quoted(name)} "$why"
      exit 1
    fi
    sleep 1
  done
done
printf '%s holds\\n' ${quoted(name)}
`
}

function stepFunction(step: CheckStep, name: string): string | undefined {
  const { action, status, contains, matches, json, capture, greater } = step
  if (action.kind === 'command' || referencesIn(step).length > 0) return undefined
  if ([matches, json, capture, greater].some((one) => one !== undefined)) return undefined
  // only escaped references are left: the texts are what they stand for
  const request = fillJson(action, () => '') as CheckRequest
  const text = contains === undefined ? undefined : (fillJson(contains, () => '') as string)
  const test = tests[request.kind](request as never, status, text)
  return `${name}() {
  answer=$(
    ${CURL.join(' ')} 2>&1 <<'END_OF_REQUEST'
${curlConfig(request, REQUEST_MS)}END_OF_REQUEST
  )${test}}
`
}

const tests = {
  http: (
    { url }: Extract<CheckRequest, { kind: 'http' }>,
    status: readonly number[] | undefined,
    contains: string | undefined,
  ) => ` || { why=$answer; return 1; }
  code=\${answer#* }
  code=\${code%%[!0-9]*}
  case $code in
    ${status?.join(' | ') ?? '2??'}) ;;
    *) why=${quoted(url)}" answers $code"; return 1 ;;
  esac
${
  contains === undefined
    ? ''
    : `  case \${answer#*"$head_end"} in
    *${quoted(contains)}*) ;;
    *) why=${quoted(`the answer of ${url} does not contain ${contains}`)}; return 1 ;;
  esac
`
}`,
  tcp: ({ host, port }: Extract<CheckRequest, { kind: 'tcp' }>) => ` || true
  case $answer in
    *'* Connected to '*) ;;
    *) why=${quoted(`${host}:${port} does not accept connections`)}; return 1 ;;
  esac
`,
  dns: ({ host }: Extract<CheckRequest, { kind: 'dns' }>) => ` || true
  case $answer in
    *'Trying '*) ;;
    *) why=${quoted(`the name ${host} does not resolve`)}; return 1 ;;
  esac
`,
}

/** A text as one word of a shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`
}
