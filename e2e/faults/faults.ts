/** One thing that is wrong with an update, and the verdict that it deserves. */
export interface Fault {
  name: string
  /** The Compose file of the update. */
  compose: string
  settings?: string
  /** What is expected of the verdict; ready if absent. */
  failure?: { object: RegExp; reason: RegExp }
  /** It is refused before anything is changed. */
  refused?: RegExp
  /** Pods that the namespace admits, while the update is deployed. */
  quota?: number
  /** The new program serves for a while before it fails, so that requests meet its end. */
  serves?: true
}

interface Web {
  image?: string
  end?: string
  test?: string
  ports?: string
  more?: string
  rest?: string
}

/** A web server with a page that says its version, which starts before the old one is stopped, and a program that waits for it. */
function project(version: string, { image, end, test, ports, more, rest }: Web = {}): string {
  const script = `mkdir -p /w; echo ${version} > /w/index.html; trap 'exit 0' TERM; httpd -f -p 8000 -h /w & ${end ?? 'wait'}`
  return `name: faults
services:
  web:
    image: ${image ?? 'busybox:1.35'}
    command: ["sh", "-c", ${JSON.stringify(script)}]
    ports: ["8080:8000"${ports ?? ''}]
    stop_grace_period: 2s
    healthcheck: { test: ${test ?? 'wget -q -O /dev/null http://127.0.0.1:8000/'}, interval: 2s, timeout: 2s, retries: 3 }
    deploy: { update_config: { order: start-first } }
${more ?? ''}  worker:
    image: busybox:1.35
    command: ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 1; done"]
    stop_grace_period: 2s
    depends_on: { web: { condition: service_healthy } }
${rest ?? ''}`
}

/** The update to a version with each fault; the first is none. */
export function faultsOf(version: string): Fault[] {
  const web = /^deployment\/web$/
  const migrate = `  migrate:
    image: busybox:1.35
    command: ["sh", "-c", "echo ${version} has no table; exit 2"]
    restart: "no"
`
  return [
    { name: 'none', compose: project(version) },
    {
      name: 'image',
      compose: project(version, { image: `landfall-tests/none:${version}` }),
      failure: { object: web, reason: /^(ErrImagePull|ImagePullBackOff)$/ },
    },
    {
      name: 'crash at start',
      compose: project(version, { end: 'echo no; exit 3' }),
      failure: { object: web, reason: /^exited with code 3$/ },
    },
    {
      name: 'crash after 20 s',
      compose: project(version, { end: 'sleep 20; exit 4' }),
      failure: { object: web, reason: /^exited with code 4$/ },
      serves: true,
    },
    {
      name: 'probe',
      compose: project(version, { test: '"echo not yet; exit 1"' }),
      failure: { object: web, reason: /^(unhealthy|startup probe failed)$/ },
    },
    {
      name: 'published port',
      compose: project(version, { ports: ', "9090:9090"' }),
      failure: { object: web, reason: /^nothing answers$/ },
      serves: true,
    },
    {
      name: 'missing Secret',
      compose: project(version),
      settings: 'services: { web: { environment: { TOKEN: { secret: not-there } } } }\n',
      refused: /no Secret not-there/,
    },
    {
      name: 'failing one-shot',
      compose: project(version, { more: migrate }).replace(
        '    depends_on: {',
        '    depends_on: { migrate: { condition: service_completed_successfully },',
      ),
      failure: { object: /^job\/migrate/, reason: /^exited with code 2$/ },
      serves: true,
    },
    {
      name: 'quota',
      compose: project(version),
      failure: { object: web, reason: /^FailedCreate$/ },
      quota: 2,
    },
  ]
}
