import { ownValue } from '@landfall/diagnostic'
import type { ServiceConversion } from '../../../conversion.ts'
import type { Login, LoginValue } from '../../../plan/needs.ts'
import type { Effect } from '../../../settings/landfall-file.ts'

type Written = Pick<NonNullable<Effect['sql']>, 'user' | 'password' | 'database'>
type Server = 'rabbitmq' | 'mysql' | 'postgres'
type Problem = { impossible: string; hint: string }

interface Names {
  /** Variables with the user, or the user that an image has without them. */
  user: readonly string[]
  usual?: string
  password: readonly string[]
}

/** Where images have a login in their variables: the first whose password is set. */
const LOGINS: Readonly<Record<Server, readonly Names[]>> = {
  rabbitmq: [
    { user: ['RABBITMQ_DEFAULT_USER'], usual: 'guest', password: ['RABBITMQ_DEFAULT_PASS'] },
    { user: ['RABBITMQ_USERNAME'], usual: 'user', password: ['RABBITMQ_PASSWORD'] },
  ],
  mysql: [
    { user: ['MYSQL_USER'], password: ['MYSQL_PASSWORD'] },
    { user: ['MARIADB_USER'], password: ['MARIADB_PASSWORD'] },
    { user: [], usual: 'root', password: ['MYSQL_ROOT_PASSWORD', 'MARIADB_ROOT_PASSWORD'] },
  ],
  postgres: [
    { user: ['POSTGRES_USER'], usual: 'postgres', password: ['POSTGRES_PASSWORD'] },
    { user: ['POSTGRESQL_USERNAME'], usual: 'postgres', password: ['POSTGRESQL_PASSWORD'] },
  ],
}

const DATABASES: Readonly<Record<Server, readonly string[]>> = {
  rabbitmq: [],
  mysql: ['MYSQL_DATABASE', 'MARIADB_DATABASE'],
  postgres: ['POSTGRES_DB', 'POSTGRESQL_DATABASE'],
}

/** Variables that show that a server lets its usual user in without a password. */
const OPEN: Readonly<Record<Server, RegExp>> = {
  rabbitmq: /^$/,
  mysql: /^(MYSQL|MARIADB)_ALLOW_EMPTY(_ROOT)?_PASSWORD=(1|y|yes|true)$/i,
  postgres: /^POSTGRES_HOST_AUTH_METHOD=trust$/i,
}

/**
 * With what a client logs in: what landfall.yaml sets, otherwise the variables of the service that it connects to. Undefined: the
 * login that a new server has.
 */
export function loginOf(
  id: string,
  server: Server,
  target: ServiceConversion | undefined,
  { user, password, database }: Written,
): { login?: Login } | Problem {
  const has = (variable: string) =>
    target !== undefined &&
    (ownValue(target.plan.environment, variable) !== undefined ||
      ownValue(target.plan.secretReferences, variable) !== undefined)
  const inTarget = (names: readonly string[]): LoginValue | undefined => {
    const variable = names.find(has)
    return variable === undefined ? undefined : { of: target?.service ?? '', variable }
  }
  const known = LOGINS[server].find((names) => inTarget(names.password) !== undefined)
  const isOpen = Object.entries(target?.plan.environment ?? {}).some(([name, value]) =>
    OPEN[server].test(`${name}=${value}`),
  )
  const who = target?.service ?? 'the server'
  if (user !== undefined && password === undefined && !isOpen)
    return {
      impossible: `the password of ${who} is unknown`,
      hint: 'add password: { secret: NAME, key: KEY }',
    }
  if (password !== undefined && (password.secret === undefined || password.key === undefined))
    return {
      impossible: 'a password has the name of a Secret and a key',
      hint: 'write password: { secret: NAME, key: KEY }',
    }
  const names = known ?? LOGINS[server].findLast(({ usual }) => usual !== undefined)
  const usual = LOGINS[server].find((one) => one.usual !== undefined)?.usual ?? ''
  const ownUser = inTarget(names?.user ?? []) ?? { value: names?.usual ?? usual }
  const given = writtenValue(user) ?? ownUser
  const secret =
    password === undefined
      ? inTarget(known?.password ?? [])
      : { secret: password.secret as string, key: password.key as string }
  if (secret === undefined && !isOpen) {
    if (server === 'rabbitmq' && target !== undefined) return {}
    return {
      impossible: `the password of ${who} is not in its variables`,
      hint: 'add user and password: { secret: NAME, key: KEY }',
    }
  }
  const base = database === undefined ? inTarget(DATABASES[server]) : { value: database }
  return {
    login: {
      id,
      user: given,
      ...(secret === undefined ? {} : { password: secret }),
      ...(base === undefined
        ? server === 'postgres'
          ? { database: given }
          : {}
        : { database: base }),
    },
  }
}

function writtenValue(user: Written['user']): LoginValue | undefined {
  if (user === undefined) return undefined
  if (typeof user === 'string') return { value: user }
  return { secret: user.secret ?? '', key: user.key ?? '' }
}
