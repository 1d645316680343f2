import { execFileSync, spawn } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

/** A web server on this machine with Git repositories and files, for build contexts. */
export interface ContextServer {
  /** Holds all of it; also the home directory of git. */
  root: string
  /** `http://127.0.0.1:PORT`; below it `/git/NAME.git` (git over HTTP), `/plain/NAME.git` (the files of a bare repository), `/files/NAME`, and `/locked/…`, which needs a login. */
  address: string
  /** Paths that were requested. */
  requests: string[]
  /** Makes a repository; each of its commits is a map of files. Returns the directory of its files. */
  repository(name: string, ...commits: Readonly<Record<string, string>>[]): string
  /** Runs git in a directory, regardless of the settings of this machine; returns what it prints. */
  git(directory: string, ...args: string[]): string
  /** Serves bytes as `/files/NAME`; returns the address. */
  serve(name: string, content: string | Uint8Array): string
  close(): void
}

/** Starts a server with nothing on it. */
export async function startContextServer(): Promise<ContextServer> {
  const root = mkdtempSync(join(tmpdir(), 'landfall-contexts-'))
  for (const name of ['files', 'repositories']) mkdirSync(join(root, name))
  const requests: string[] = []
  const server = createServer((request, answer) => {
    const { pathname } = new URL(request.url ?? '', 'http://x')
    requests.push(pathname)
    respond(root, request, answer)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const git = (directory: string, ...args: string[]) => runGit(root, directory, args)
  return {
    root,
    address,
    requests,
    git,
    repository(name, ...commits) {
      const directory = join(root, 'repositories', `${name}.git`)
      mkdirSync(directory)
      git(directory, 'init', '--quiet', '--initial-branch=main')
      for (const files of commits) {
        for (const [path, text] of Object.entries(files)) {
          mkdirSync(dirname(join(directory, path)), { recursive: true })
          writeFileSync(join(directory, path), text)
        }
        git(directory, 'add', '--all')
        git(directory, 'commit', '--quiet', '--message=x')
      }
      return directory
    },
    serve(name, content) {
      writeFileSync(join(root, 'files', name), content)
      return `${address}/files/${name}`
    },
    close() {
      server.close()
      rmSync(root, { recursive: true, force: true })
    },
  }
}

function respond(root: string, request: IncomingMessage, answer: ServerResponse): void {
  const { pathname } = new URL(request.url ?? '', 'http://x')
  const [, place = '', ...rest] = pathname.split('/')
  const file = join(root, place === 'plain' ? 'repositories' : 'files', ...rest)
  if (place === 'git') gitBackend(root, request, answer)
  else if (place === 'locked' && request.headers.authorization === undefined) {
    answer.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end()
  } else if (existsSync(file)) answer.end(readFileSync(file))
  else answer.writeHead(404).end()
}

/** Git's own server program, called as a web server calls it (CGI). */
function gitBackend(root: string, request: IncomingMessage, answer: ServerResponse): void {
  const { pathname, search } = new URL(request.url ?? '', 'http://x')
  const child = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: join(root, 'repositories'),
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathname.slice('/git'.length),
      QUERY_STRING: search.slice(1),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  request.pipe(child.stdin)
  const parts: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => parts.push(part))
  child.on('close', () => {
    const all = Buffer.concat(parts)
    const end = all.indexOf('\r\n\r\n')
    for (const line of all.subarray(0, end).toString('latin1').split('\r\n')) {
      const [name = '', value = ''] = line.split(/:\s*/)
      if (name.toLowerCase() === 'status') answer.statusCode = Number.parseInt(value, 10)
      else answer.setHeader(name, value)
    }
    answer.end(all.subarray(end + 4))
  })
}

function runGit(home: string, directory: string, args: readonly string[]): string {
  const author = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@b' }
  const committer = { GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@b' }
  return execFileSync('git', args, {
    cwd: directory,
    encoding: 'utf8',
    env: {
      ...{ PATH: process.env.PATH, HOME: home, GIT_CONFIG_NOSYSTEM: '1' },
      ...author,
      ...committer,
    },
  }).trim()
}
