import { parseImageReference } from '@landfall/image'
import type { SqlClient } from '@landfall/kube'
import type { ServiceConversion } from '../../conversion.ts'
import { SQL_CLIENT_IMAGES } from '../../plan/images.ts'

/** Images with the client of their database, by the last part of their names. */
const IMAGES: Readonly<Record<SqlClient, RegExp>> = {
  mysql: /^(mysql|mysql-server|mariadb|percona|percona-server)$/,
  postgres: /^(postgres|postgresql|postgis|pgvector|timescaledb|timescaledb-ha)$/,
}

const VARIABLES: Readonly<Record<SqlClient, RegExp>> = {
  mysql: /^(MYSQL|MARIADB)_(ROOT_PASSWORD|ALLOW_EMPTY(_ROOT)?_PASSWORD)/,
  postgres: /^(POSTGRES_(PASSWORD|HOST_AUTH_METHOD)|POSTGRESQL_PASSWORD)/,
}

const PORTS: Readonly<Record<SqlClient, number>> = { mysql: 3306, postgres: 5432 }

/** Which client sends queries to a service and its usual port, by its image, then by its variables; undefined if it is not known. */
export function databaseOf({
  compose,
  plan,
}: ServiceConversion): { client: SqlClient; port: number } | undefined {
  const variables = Object.keys(compose.environment ?? {})
  const client =
    clientIn(compose.image ?? plan.image) ??
    CLIENTS.find((one) => variables.some((variable) => VARIABLES[one].test(variable)))
  return client === undefined ? undefined : { client, port: PORTS[client] }
}

/** Which client sends queries to a server outside of the project, and its image; undefined if neither the image nor the port shows it. */
export function externalDatabase(
  port: number | undefined,
  image: string | undefined,
): { client: SqlClient; port: number; image: string } | undefined {
  const client = image === undefined ? CLIENTS.find((one) => PORTS[one] === port) : clientIn(image)
  if (client === undefined) return undefined
  return { client, port: port ?? PORTS[client], image: image ?? SQL_CLIENT_IMAGES[client] }
}

/** The client in an image, by its name. */
function clientIn(image: string): SqlClient | undefined {
  const name = parseImageReference(image)?.repository.split('/').at(-1) ?? ''
  return CLIENTS.find((one) => IMAGES[one].test(name))
}

const CLIENTS: readonly SqlClient[] = ['mysql', 'postgres']
