import { type Fields, fieldsOf, numberIn, ProtocolError, textIn } from './protocol/read.ts'

/** What the worker reads of FogFlow's config.json. */
export interface WorkerConfig {
  /** `Worker.001` */
  id: string
  location: { latitude: number; longitude: number }
  /** Tasks that may run at once. */
  capacity: number
  /** Where tasks run. */
  namespace: string
  /** The broker of this site: `http://broker:8070/ngsi10`. */
  brokerUrl: string
  amqp: { hostname: string; port: number; username: string; password: string }
  /** An address at which others reach node ports of this cluster; tasks then have node ports. */
  taskHost?: string
  /** Of each task, as in a container. */
  taskResources: object
  /** Where health and metrics are served. */
  healthPort: number
}

const CAPACITY = 100
const HEALTH_PORT = 8081

/** Small enough for an edge node, and what a quota on requests demands. */
const TASK_RESOURCES = { requests: { cpu: '10m', memory: '32Mi' } }

/**
 * Reads config.json. `instance` is that of the flag `-i`, which makes several workers of a site; `namespace` is the worker's own.
 * Throws a ProtocolError that names the key, or the line and the column of what is not JSON.
 * https://github.com/smartfog/fogflow/blob/master/common/config/config.go
 */
export function parseConfig(text: string, namespace: string, instance = ''): WorkerConfig {
  const config = fieldsOf(parseJson(text), 'config.json')
  const part = (key: string): Fields => fieldsOf(config[key] ?? {}, key)
  const [worker, broker, rabbitmq] = [part('worker'), part('broker'), part('rabbitmq')]
  const address = (key: string): string => textIn(config, key, 'config.json')
  const site = address('site_id')
  if (site === '') throw new ProtocolError('config.json: site_id is missing')
  const brokerHost =
    textIn(broker, 'host_ip', 'broker') || address('external_ip') || address('my_hostip')
  const amqpHost =
    textIn(rabbitmq, 'host_ip', 'rabbitmq') || address('coreservice_ip') || address('my_hostip')
  const secure = part('https').enabled === true
  const taskHost = textIn(worker, 'task_host', 'worker')
  return {
    id: instance === '' ? `Worker.${site}` : `Worker.${site}.${instance}`,
    location: locationOf(part('physical_location')),
    capacity: numberIn(worker, 'capacity', 'worker') ?? CAPACITY,
    namespace: textIn(worker, 'app_namespace', 'worker') || namespace,
    brokerUrl: `${secure ? 'https' : 'http'}://${required(brokerHost, 'broker.host_ip, external_ip and my_hostip')}:${portIn(broker, secure ? 'https_port' : 'http_port', 'broker')}/ngsi10`,
    amqp: {
      hostname: required(amqpHost, 'rabbitmq.host_ip, coreservice_ip and my_hostip'),
      port: numberIn(rabbitmq, 'port', 'rabbitmq') ?? 5672,
      username: textIn(rabbitmq, 'username', 'rabbitmq'),
      password: textIn(rabbitmq, 'password', 'rabbitmq'),
    },
    ...(taskHost !== '' && { taskHost }),
    taskResources: fieldsOf(worker.task_resources ?? TASK_RESOURCES, 'worker.task_resources'),
    healthPort: numberIn(worker, 'health_port', 'worker') ?? HEALTH_PORT,
  }
}

function required(value: string, keys: string): string {
  if (value === '') throw new ProtocolError(`config.json: ${keys} are missing; one is needed`)
  return value
}

function portIn(fields: Fields, key: string, what: string): number {
  const port = numberIn(fields, key, what)
  if (port === undefined || !Number.isInteger(port) || port < 1 || port > 65_535)
    throw new ProtocolError(`config.json: ${what}.${key} is not a port`)
  return port
}

function locationOf(fields: Fields): WorkerConfig['location'] {
  const what = 'physical_location'
  return {
    latitude: numberIn(fields, 'latitude', what) ?? 0,
    longitude: numberIn(fields, 'longitude', what) ?? 0,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const { message } = error as Error
    const offset = Number(/ position (\d+)/.exec(message)?.[1] ?? text.length)
    const before = text.slice(0, offset).split('\n')
    const column = (before.at(-1) ?? '').length + 1
    throw new ProtocolError(`config.json:${before.length}:${column}: ${message}`)
  }
}
