import { type ShellCommand, shellCommands } from './shell-commands.ts'

/**
 * What a command says of the life of its program: `ends` when its last step is one that ends, `works` when its words
 * name work that is done once (a migration), `prepares` when they name a beginning after which a program may run on
 * (`init.sh`), `serves` when they name a program that runs on.
 */
export type Life = 'ends' | 'works' | 'prepares' | 'serves'

const SHELL = /^(ba|da|a|z|k)?sh$/

/** Programs that start another and become it. */
const WRAPPER =
  /^(exec|command|sudo|env|nice|nohup|time|dumb-init|tini|docker-init|catatonit|init|docker-entrypoint\.sh|entrypoint\.sh)$/

/** Programs that do what their arguments say and end. */
const ENDING = new Set(
  (
    '[ [[ : test true false echo printf set export unset cd umask trap read shift local return break continue exit ' +
    'cp mv rm mkdir rmdir touch chmod chown chgrp ln cat head cut tr sort uniq wc ls find xargs tee date id install ' +
    'sed awk grep egrep jq yq envsubst base64 sha256sum tar unzip gunzip gzip openssl keytool ssh-keygen htpasswd ' +
    'elasticsearch-certutil elasticsearch-certgen update-ca-certificates apk apt-get pip ' +
    'curl wget ping nslookup nc ncat pg_isready mysqladmin wait-for-it.sh ' +
    'psql createdb createuser pg_restore pg_dump mysql mariadb mongo mongosh mongoimport mongorestore redis-cli cqlsh ' +
    'influx sqlcmd clickhouse-client cub mc aws awslocal gsutil rabbitmqadmin rabbitmqctl rpk wp ' +
    'kafka-topics kafka-configs kafka-acls kafka-storage kubectl git sleep'
  ).split(' '),
)

/** Arguments with which such a program does not end. */
const FOLLOWS =
  /^(--?f(ollow)?|-F|-w|--watch|-l|--listen|-lk|subscribe|psubscribe|monitor|watch|listen|daemon|start|serve|proxy|port-forward|s_server)$/
const FOLLOWED = new Set(['kubectl', 'nc', 'ncat', 'redis-cli', 'mc', 'git', 'rpk', 'openssl'])

/** Words of programs that run on, as parts of file names and arguments. */
const SERVES =
  /^(serve[rd]?|servers|service|runserver|start|worker|workers|beat|scheduler|daemon|listen|listener|watch|watcher|consume|consumer|proxy|agent|queue|jobs|cron|crond|webserver|gunicorn|uvicorn|hypercorn|daphne|uwsgi|puma|unicorn|sidekiq|celery|flower|nginx|httpd|apache2|apache2ctl|caddy|haproxy|envoy|traefik|php-fpm|fpm|mysqld|mariadbd|mongod|postgres|redis|memcached|supervisord|s6|sshd|dockerd|pm2|nodemon|vite|jupyter|streamlit|horizon|rqworker|triggerer)$/

/** Words that name work which is done once. */
const WORKS =
  /^(migrat(e|es|ion|ions|or|ing)|seed|seeds|seeder|seeding|initdb|fixtures|loaddata|collectstatic|certonly|flyway|liquibase|alembic)$/

/** Words of a beginning, after which the same program may run on. */
const PREPARES =
  /^(init|initiali[sz]e|initiali[sz]er|setup|provision|provisioning|provisioner|create\w*|bootstrap)$/

/** Subcommands that change a schema: `flask db upgrade`, `goose up`. */
const SCHEMA_CHANGE =
  /\b(db|alembic|superset|flask)\b.* upgrade\b|\b(goose|dbmate|migrate|knex)\b.* (up|latest)\b|\bdb:(push|prepare|schema:load|reset)\b|\bprisma db (push|seed)\b|\batlas (migrate|schema) apply\b/

/** Tools that install or build, and end. */
const BUILDS =
  /^(npm|yarn|pnpm|composer|bundle|poetry|go|cargo|mvn|gradle) (ci|i|install|build|run build(:\w+)?|mod download)\b(?!.*watch)/

/** Seconds from which a sleep stands for "keep running": nobody waits longer for work that is done once. */
const LONG_SLEEP = 300

/** What the words of a command tell of it; `read` gives the text of a script that the project mounts. */
export function lifeOf(
  words: readonly string[],
  read: (path: string) => string | undefined = () => undefined,
): Life | undefined {
  const rest = withoutWrappers(words)
  const [program, ...given] = rest
  if (program === undefined) return undefined
  const name = baseName(program)
  if (/^\/(sbin\/)?init$/.test(program)) return 'serves'
  if (SHELL.test(name)) {
    const at = given.findIndex((word) => !/^[-+]/.test(word))
    if (at === -1) return undefined
    const script = given[at] as string
    if (given.slice(0, at).some((word) => /^-\w*c\w*$/.test(word)))
      return lifeOfScript(script, read)
    return lifeOf(given.slice(at), read)
  }
  const mounted = /^\//.test(program) ? read(program) : undefined
  if (mounted !== undefined) {
    const life = lifeOfScript(mounted, read)
    if (life !== undefined) return life
  }
  return lifeOfProgram(name, given)
}

function lifeOfProgram(name: string, given: readonly string[]): Life | undefined {
  if (name === 'sleep') return secondsOf(given) >= LONG_SLEEP ? 'serves' : 'ends'
  if (name === 'tail')
    return given.some((word) => /^-\w*[fF]|^--follow/.test(word)) ? 'serves' : 'ends'
  if (name === 'wait' || (name === 'ping' && !given.includes('-c'))) return 'serves'
  if (ENDING.has(name.replace(/\.sh$/, '')) || ENDING.has(name)) {
    const inner = given.includes('--') ? given.slice(given.indexOf('--') + 1) : []
    if (inner.length > 0 && /^wait/.test(name)) return lifeOf(inner)
    return FOLLOWED.has(name) && given.some((word) => FOLLOWS.test(word)) ? 'serves' : 'ends'
  }
  const said = [name, ...given]
  if (SCHEMA_CHANGE.test(said.join(' '))) return 'works'
  if (BUILDS.test(said.join(' '))) return 'ends'
  if (/^flask\b.* run\b/.test(said.join(' '))) return 'serves'
  const parts = said.filter((word) => !/^-(?!-watch$)|:\/\/|[=@]/.test(word)).flatMap(partsOf)
  if (parts.some((part) => SERVES.test(part))) return 'serves'
  if (parts.some((part) => WORKS.test(part))) return 'works'
  return parts.some((part) => PREPARES.test(part)) ? 'prepares' : undefined
}

/** `./bin/docker-entrypoint-migrator.sh` is `docker`, `entrypoint`, `migrator`. */
function partsOf(word: string): string[] {
  return baseName(word)
    .toLowerCase()
    .replace(/\.(sh|py|js|mjs|ts|rb|php|jar)$/, '')
    .split(/[-_.:]/)
}

function lifeOfScript(
  script: string,
  read: (path: string) => string | undefined,
): Life | undefined {
  const commands = shellCommands(script)
  const last = commands?.at(-1)
  if (commands === undefined || last === undefined) return undefined
  if (commands.some((one) => one.endless)) return 'serves'
  const lives = commands.map(({ words }) => lifeOf(words, read))
  const foreground = commands.map(({ background }) => !background)
  if (lives.some((life, at) => life === 'serves' && foreground[at])) return 'serves'
  // Another program takes the place of the shell, and nothing after it runs.
  const replaced = commands.findIndex(({ words }) => words[0] === 'exec' && words.length > 1)
  if (replaced !== -1) return lives[replaced] === 'serves' ? 'serves' : certain(lives[replaced])
  if (last.words[0] === 'exit') return 'ends'
  if (foreground.includes(false)) return undefined
  return certain(...lives.slice(beginOfLast(commands)))
}

/** The commands of the outermost construct that a script ends with: which of them is the last depends on conditions. */
function beginOfLast(commands: readonly ShellCommand[]): number {
  const last = commands.length - 1
  if (commands[last]?.depth === 0) return last
  return commands.findLastIndex(({ depth }) => depth === 0) + 1
}

/** Ends when each of them does. */
function certain(...lives: readonly (Life | undefined)[]): Life | undefined {
  if (lives.some((life) => life === undefined || life === 'serves')) return undefined
  if (lives.includes('prepares')) return 'prepares'
  return lives.includes('works') ? 'works' : 'ends'
}

function withoutWrappers(words: readonly string[]): string[] {
  const rest = [...words]
  while (rest.length > 1) {
    const [word = '', next = ''] = rest
    if (/^\w+=/.test(word)) rest.shift()
    else if (WRAPPER.test(baseName(word))) {
      rest.shift()
      while (/^-/.test(rest[0] ?? '') && rest.length > 1) rest.shift()
    } else if (/^(gosu|su-exec|setpriv)$/.test(baseName(word)) && next !== '') rest.splice(0, 2)
    else break
  }
  return rest
}

function baseName(path: string): string {
  return path.split('/').at(-1) ?? path
}

function secondsOf(given: readonly string[]): number {
  const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 }
  return given.reduce((sum, word) => {
    const match = /^(\d+(?:\.\d+)?)([smhd]?)$/.exec(word)
    return match === null
      ? sum + LONG_SLEEP
      : sum + Number(match[1]) * (units[match[2] || 's'] ?? 1)
  }, 0)
}
