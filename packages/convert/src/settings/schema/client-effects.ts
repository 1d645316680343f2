import { type Static, type TProperties, type TUnsafe, Type } from 'typebox'
import { mapping } from './shapes.ts'

const ofSecret = {
  secret: Type.String({
    description: 'The name of the Secret.',
    pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$',
  }),
  key: Type.String({ description: 'The key in the Secret.', pattern: '^[-._a-zA-Z0-9]+$' }),
}

const password = mapping('The password, which is a key of a Secret of the cluster.', ofSecret)

const user = Type.Unsafe<string | Static<typeof password>>({
  ...mapping('The user, as a text or as { secret, key } of a Secret of the cluster.', ofSecret),
  type: ['string', 'object'],
})

/** With what a client of a database logs in. */
export const login = {
  user,
  password,
  database: Type.String({
    description: 'The database; that of the variables of the service if omitted.',
    pattern: '^[^\\n]+$',
  }),
  image: Type.String({
    description:
      'Only for a server of external: an image with its client (mysql, mariadb, postgres). If omitted, the port decides: mariadb:10.11 for 3306, postgres:15 for 5432.',
    pattern: '^\\S+$',
  }),
}

/** Effects that are found out in the protocol of another program. */
export const clientEffects = {
  zookeeper: Type.String({
    description: 'host:port/path: ZooKeeper has a node with this path.',
    pattern: '^[^:/ ]+:[0-9]+/[^\\n]*$',
  }),
  amqp: mapping(
    'A queue of RabbitMQ has a consumer, as its management API reports: the image needs the management plugin.',
    {
      queue: Type.String({ description: 'The name of the queue.', pattern: '^[^\\n]+$' }),
      at: Type.String({
        description: 'host or host:port of the management API; port 15672 if omitted.',
        pattern: '^[^:/ ]+(:[0-9]+)?$',
      }),
      vhost: Type.String({ description: 'The virtual host; / if omitted.', pattern: '^[^\\n]+$' }),
      user,
      password,
    },
  ),
  sql: mapping(
    'A query gives at least one row. The client of the image of the database sends it, or that of another image if the database is outside of the project; it cannot change anything.',
    {
      to: Type.String({
        description:
          'The service that is the database (MySQL, MariaDB, PostgreSQL), or service:port; also a server of external.',
        pattern: '^[^:/ ]+(:[0-9]+)?$',
      }),
      query: Type.String({
        description: 'SELECT … in one line.',
        pattern: '^[Ss][Ee][Ll][Ee][Cc][Tt] [^\\n]*[^\\n ]$',
      }),
      ...login,
    },
  ),
}

/** The keys of an effect, and `not` with the same keys. */
export function withNot<Keys extends TProperties>(
  keys: Keys,
): Keys & { not: TUnsafe<Static<ReturnType<typeof mapping<Keys>>>> } {
  const not = mapping(
    'The effect does not hold: the opposite of one effect. It is observed: no answer is not enough, except for tcp and dns.',
    keys,
  )
  return { ...keys, not: not as never }
}
