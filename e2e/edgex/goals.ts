import type { Namespace } from '@landfall/testkit'

/** What EdgeX is there for, as one look from inside of the cluster shows it. */
export interface Look {
  /** Of each service: the status of its ping. */
  pings: Record<string, string>
  /** Of the configuration that config-seed writes. */
  key: string
  devices: number
  /** Events that core-data has, that rules were tried on, and that were exported to each broker. */
  events: number
  rules: number
  exported: number
  exportedToOld: number
  /** The last message that the broker has got. */
  message: string
}

const PINGS = [
  'edgex-core-metadata:48081',
  'edgex-core-data:48080',
  'edgex-core-command:48082',
  'edgex-support-logging:48061',
  'edgex-support-notifications:48060',
  'edgex-support-scheduler:48085',
  'edgex-sys-mgmt-agent:48090',
  'edgex-device-virtual:49990',
]

const ANSWERS = {
  key: 'edgex-core-consul:8500/v1/kv/edgex/core/1.0/edgex-core-data/Service/Port?raw',
  devices: 'edgex-core-metadata:48081/api/v1/device',
  events: 'edgex-core-data:48080/api/v1/event/count',
  rules: 'edgex-support-rulesengine:48075/stand-in/events',
  exported: 'other-broker:1883/messages',
  exportedToOld: 'mosquitto:1883/messages',
  message: 'other-broker:1883/messages/last',
}

/** One process for everything: a kubectl costs a small machine more than the requests do. */
const SCRIPT = [
  `for at in ${PINGS.join(' ')}; do`,
  `echo "ping $at $(curl -s -m 2 -o /dev/null -w '%{http_code}' "http://$at/api/v1/ping")"; done`,
  ...Object.entries(ANSWERS).map(
    ([name, url]) => `; echo "${name} - $(curl -s -f -m 2 'http://${url}')"`,
  ),
].join(' ')

/** Has a pod from which a look is taken; it is no part of the release, and stays when others are lost. */
export async function startLooking({ kubectl }: Namespace): Promise<void> {
  const image = '--image=curlimages/curl:8.14.1'
  await kubectl(['run', 'looker', image, '--command', '--', 'sleep', '100000'])
}

/** Throws while the pod does not run. */
export async function look({ kubectl }: Namespace): Promise<Look> {
  const lines = (await kubectl(['exec', 'looker', '--', 'sh', '-c', SCRIPT])).trim().split('\n')
  const found = lines.map((line) => {
    const [what = '', at = '', ...answer] = line.split(' ')
    return { what, at, answer: answer.join(' ') }
  })
  const answer = (name: string) => found.find(({ what }) => what === name)?.answer ?? ''
  const pings = found.filter(({ what }) => what === 'ping')
  return {
    pings: Object.fromEntries(pings.map(({ at, answer }) => [at, answer])),
    key: answer('key'),
    devices: answer('devices').split('Random-').length - 1,
    events: Number(answer('events')),
    rules: Number(answer('rules')),
    exported: Number(answer('exported')),
    exportedToOld: Number(answer('exportedToOld')),
    message: answer('message'),
  }
}

/** What is not as it should be between two looks that follow each other; nothing when all goals hold. */
export function missingOf(before: Look, now: Look): string[] {
  const rising = (['events', 'rules', 'exported'] as const).filter(
    (what) => !(now[what] > before[what]),
  )
  return [
    ...Object.entries(now.pings).flatMap(([at, status]) => (status === '200' ? [] : [at])),
    ...(now.key === '48080' ? [] : ['the keys of Consul']),
    ...(now.devices === 4 ? [] : [`${now.devices} devices`]),
    ...rising.map((what) => `${what} ${before[what]}, ${now[what]}`),
    ...(/device.*readings/.test(now.message) ? [] : [`message ${now.message}`]),
  ]
}
