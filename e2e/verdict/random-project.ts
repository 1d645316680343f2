import { numbers } from '@landfall/testkit'
import { stringify } from 'yaml'

/** What a program of a random project does; times in seconds. */
export interface Behaviour {
  name: string
  /** It ends after so long, with this code; it goes on for ever if absent. */
  ends?: { after: number; code: number }
  restart: 'always' | 'unless-stopped' | 'on-failure' | 'no'
  /** It serves HTTP on a port from then on. */
  listens?: { port: number; after: number }
  /** The port is published, whether or not the program listens there. */
  publishes?: number
  /** At its start it asks another service, and gives up when nobody answers. */
  asks?: { service: string; port: number }
  /** Its health test passes so long after its start; never if null. */
  healthyAfter?: number | null
  dependsOn: Record<
    string,
    'service_started' | 'service_healthy' | 'service_completed_successfully'
  >
}

export interface RandomProject {
  seed: number
  programs: Behaviour[]
}

/** A project of one to four programs, the same for the same seed; a service refers only to those before it. */
export function randomProject(seed: number): RandomProject {
  const random = numbers(seed)
  const chance = (probability: number) => random() < probability
  const one = <T>(...choices: T[]): T => choices[Math.floor(random() * choices.length)] as T
  const programs: Behaviour[] = []
  const count = 1 + Math.floor(random() * 4)
  for (let index = 0; index < count; index++) {
    const program: Behaviour = {
      name: `p${index}`,
      restart: one('always', 'unless-stopped'),
      dependsOn: {},
    }
    const kind = random()
    if (kind < 0.12) program.ends = { after: one(0.4, 1.3, 2, 2.7, 8, 20), code: one(0, 1, 3) }
    else if (kind < 0.24 && index < count - 1) {
      program.restart = 'no'
      program.ends = { after: one(0, 2, 5), code: one(0, 0, 0, 4) }
    } else if (kind < 0.8) program.listens = { port: 8000 + index, after: one(0, 0, 1, 4, 12) }
    if (program.listens !== undefined && chance(0.4)) program.publishes = program.listens.port
    else if (program.ends === undefined && chance(0.05)) program.publishes = 7000 + index
    if (program.ends === undefined && chance(0.35)) program.healthyAfter = one(0, 3, 8, 15, null)
    const [target] = programs.filter(() => chance(0.6))
    if (target !== undefined) refer(program, target, one)
    programs.push(program)
  }
  // A one-shot is one because somebody waits for it.
  for (const shot of programs.filter(({ restart }) => restart === 'no')) {
    const last = programs.at(-1) as Behaviour
    last.dependsOn[shot.name] = 'service_completed_successfully'
    delete last.ends
  }
  return { seed, programs }
}

function refer(program: Behaviour, target: Behaviour, one: <T>(...choices: T[]) => T): void {
  if (target.restart === 'no') return
  // A one-shot that gives up has failed, under Compose as well.
  if (target.listens !== undefined && program.restart !== 'no')
    program.asks = { service: target.name, port: target.listens.port }
  const healthy = target.healthyAfter !== undefined
  const how = one('nothing', 'service_started', healthy ? 'service_healthy' : 'nothing')
  if (how !== 'nothing') program.dependsOn[target.name] = how as 'service_started'
}

/** The Compose file of a project. */
export function composeOf({ programs }: RandomProject): string {
  const services = programs.map((program) => {
    const { name, restart, publishes, dependsOn, listens } = program
    return [
      name,
      {
        image: 'busybox:1.35',
        restart,
        stop_grace_period: '1s',
        command: ['sh', '-c', scriptOf(program).replaceAll('$', '$$$$')],
        ...(listens === undefined ? {} : { expose: [String(listens.port)] }),
        ...(publishes === undefined ? {} : { ports: [`${publishes}:${publishes}`] }),
        ...(program.healthyAfter === undefined
          ? {}
          : {
              healthcheck: {
                test: 'test -e /tmp/healthy',
                interval: '1s',
                timeout: '2s',
                retries: 3,
                start_period: '20s',
              },
            }),
        ...(Object.keys(dependsOn).length === 0
          ? {}
          : {
              depends_on: Object.fromEntries(
                Object.entries(dependsOn).map(([on, condition]) => [on, { condition }]),
              ),
            }),
      },
    ]
  })
  return stringify({ services: Object.fromEntries(services) })
}

function scriptOf({ ends, listens, asks, healthyAfter }: Behaviour): string {
  const lines = ['trap "exit 0" TERM', 'mkdir -p /tmp/www; echo hi >/tmp/www/index.html']
  if (asks !== undefined) {
    const url = `http://${asks.service}:${asks.port}/`
    lines.push(`wget -q -O /dev/null ${url} || { echo "nobody answers ${url}"; exit 5; }`)
  }
  if (typeof healthyAfter === 'number') lines.push(`(sleep ${healthyAfter}; >/tmp/healthy) &`)
  if (listens !== undefined)
    lines.push(`(sleep ${listens.after}; exec httpd -f -p ${listens.port} -h /tmp/www) &`)
  lines.push(
    ends === undefined
      ? 'while :; do sleep 1; done'
      : `sleep ${ends.after}; echo "ends with ${ends.code}"; exit ${ends.code}`,
  )
  return lines.join('\n')
}

/** The programs that cannot work by themselves, whatever the others do; the project is ready if there is none. */
export function brokenOf({ programs }: RandomProject): string[] {
  const waitedFor = new Set(
    programs.flatMap(({ dependsOn }) =>
      Object.entries(dependsOn).flatMap(([name, condition]) =>
        condition === 'service_completed_successfully' ? [name] : [],
      ),
    ),
  )
  return programs
    .filter(({ name, ends, publishes, listens, healthyAfter }) => {
      if (ends !== undefined) return !(waitedFor.has(name) && ends.code === 0)
      return healthyAfter === null || (publishes !== undefined && listens?.port !== publishes)
    })
    .map(({ name }) => name)
}
