import { ownValue } from '@landfall/diagnostic'
import type { Wait } from '@landfall/kube'
import type { Conversion } from '../../../conversion.ts'
import { requestOf } from '../../../facts/effects/request.ts'
import { databaseOf, externalDatabase } from '../../../facts/images/databases.ts'
import { effectTarget } from '../../../facts/names/texts.ts'
import type { Observed } from '../../../plan/needs.ts'
import type { Effect } from '../../../settings/landfall-file.ts'
import { loginOf } from './logins.ts'

type Problem = { impossible: string; hint: string }

/** How a pod observes an effect, its names made valid; `id` is that of its login. Or why no pod can. */
export function observeEffect(
  conversion: Conversion,
  effect: Effect,
  id: string,
): Observed | Problem {
  if (effect.not !== undefined) {
    const observed = observeEffect(conversion, effect.not, id)
    if ('impossible' in observed || observed.wait.kind === 'not') return observed
    return { ...observed, wait: { kind: 'not', wait: observed.wait } }
  }
  if (effect.amqp !== undefined) return observeQueue(conversion, effect.amqp, id)
  if (effect.sql !== undefined) return observeRows(conversion, effect.sql, id)
  const wait = waitOf(conversion, effect)
  if (wait === undefined)
    return {
      impossible: 'this effect cannot be observed',
      hint: 'use http, tcp, dns, file, zookeeper, amqp or sql',
    }
  return { wait, ...(wait.kind === 'znode' ? { client: 'tools' } : {}) }
}

function waitOf(conversion: Conversion, effect: Effect): Wait | undefined {
  const target = effectTarget(effect)
  const host = target === undefined ? '' : validHost(conversion, target.host)
  if (effect.http !== undefined && target !== undefined) {
    const url = effect.http
      .replace(`//${target.host}`, `//${host}`)
      .replace(`@${target.host}`, `@${host}`)
    const text = effect.body === undefined ? {} : { text: effect.body }
    const request = requestOf(effect)
    return {
      kind: 'http',
      url,
      status: effect.status ?? '2xx',
      ...text,
      ...(request !== undefined && { request }),
    }
  }
  if (effect.tcp !== undefined && target?.port !== undefined)
    return { kind: 'tcp', host, port: target.port }
  if (effect.dns !== undefined) return { kind: 'dns', host }
  if (effect.zookeeper !== undefined && target?.port !== undefined)
    return {
      kind: 'znode',
      host,
      port: target.port,
      path: effect.zookeeper.slice(effect.zookeeper.indexOf('/')),
    }
  return effect.file === undefined ? undefined : { kind: 'file', path: effect.file }
}

function observeQueue(
  conversion: Conversion,
  { at = '', queue = '', vhost = '/', ...written }: NonNullable<Effect['amqp']>,
  id: string,
): Observed | Problem {
  const { host = '', port } = effectTarget({ amqp: { at } }) ?? {}
  const target = conversion.owners.get(host.toLowerCase())
  const found = loginOf(id, 'rabbitmq', target, written)
  if ('impossible' in found) return found
  const { login } = found
  const url = `http://${validHost(conversion, host)}:${port}`
  return {
    wait: {
      kind: 'consumer',
      url,
      ...(login === undefined ? {} : { login: login.id }),
      vhost,
      queue,
    },
    ...(login === undefined ? {} : { login }),
  }
}

function observeRows(
  conversion: Conversion,
  { to = '', query = '', image, ...written }: NonNullable<Effect['sql']>,
  id: string,
): Observed | Problem {
  const { host = '', port } = effectTarget({ sql: { to } }) ?? {}
  const target = conversion.owners.get(host.toLowerCase())
  if (target === undefined)
    return observeExternalRows(conversion, { host, port, query, image, ...written }, id)
  if (image !== undefined)
    return {
      impossible: `image is for databases outside of the project, and ${target.service} is a service`,
      hint: 'remove image: the client is that of the image of the service',
    }
  const database = databaseOf(target)
  if (database === undefined)
    return {
      impossible: `${target.service} is not known to be MySQL, MariaDB or PostgreSQL`,
      hint: 'use another effect',
    }
  const { client } = database
  const found = loginOf(id, client, target, written)
  if ('impossible' in found) return found
  if (found.login === undefined) throw new Error(`${target.service} has no login`)
  return {
    wait: {
      kind: 'rows',
      client,
      host: validHost(conversion, host),
      port: port ?? database.port,
      login: id,
      query,
    },
    client: { service: target.service },
    login: found.login,
  }
}

/** Rows of a server outside of the project: neither its image nor its login is known. */
function observeExternalRows(
  conversion: Conversion,
  { host, port, query, image, ...written }: ExternalRows,
  id: string,
): Observed | Problem {
  if (ownValue(conversion.settings.external, host) === undefined)
    return {
      impossible: `${host} is neither a service of the project nor one of external`,
      hint: 'use a database of the project, or declare where it is: external in landfall.yaml',
    }
  const database = externalDatabase(port, image)
  if (database === undefined)
    return {
      impossible: `it is not known which client ${host} requires`,
      hint: `write its port (sql: { to: "${host}:3306", … }), or an image with its client (image: mariadb:10.11)`,
    }
  const { client } = database
  const found = loginOf(id, client, undefined, written)
  if ('impossible' in found) return found
  if (found.login === undefined) throw new Error(`${host} has no login`)
  const at = validHost(conversion, host)
  return {
    wait: { kind: 'rows', client, host: at, port: database.port, login: id, query },
    client: { image: database.image, server: `${at}-${database.port}` },
    login: found.login,
  }
}

type ExternalRows = Omit<NonNullable<Effect['sql']>, 'to' | 'query' | 'image'> & {
  host: string
  port: number | undefined
  query: string
  image: string | undefined
}

function validHost(conversion: Conversion, host: string): string {
  const names = conversion.owners.get(host.toLowerCase())?.plan.names
  return (
    [...(names ?? []), ...conversion.plan.external].find(({ written }) => written === host)?.name ??
    host
  )
}
