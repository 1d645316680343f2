import type { IncomingMessage, ServerResponse } from 'node:http'
import { gzipSync } from 'node:zlib'
import { digestOf } from '../blob.ts'
import { type MadeImage, makeImage } from '../made-image.ts'
import type { RegistryAccess } from './registry.ts'

/** What a hostile registry does to one request; `false` leaves it to the registry of the image. */
export type Hostility = (
  request: IncomingMessage,
  response: ServerResponse,
  /** `host:port` of the registry, and of another one on this machine. */
  hosts: { own: string; other: string },
) => boolean | undefined

export interface Mode {
  image?: MadeImage
  does?: Hostility
  access?: Partial<RegistryAccess>
  /** A part of the problem; `undefined` where the image is read in spite of it. */
  problem?: RegExp
  /** A part of why the accounts are not read. */
  unread?: RegExp
}

const MIB = 1024 ** 2

const plain = makeImage({ User: 'app' }, [{ 'etc/passwd': 'app:x:5:5::/:\n' }])

const json = (response: ServerResponse, value: unknown): true => {
  response.end(typeof value === 'string' ? value : JSON.stringify(value))
  return true
}

/** Answers every manifest with some text. */
const manifest = (value: unknown, problem?: RegExp): Mode => ({
  does: ({ url = '' }, response) => url.includes('/manifests/') && json(response, value),
  ...(problem && { problem }),
})

/** An image with some text as its configuration. */
function configured(config: unknown): MadeImage {
  const text = Buffer.from(typeof config === 'string' ? config : JSON.stringify(config))
  return imageOf({ config: { digest: digestOf(text), size: text.length }, layers: [] }, [text])
}

function imageOf(manifest: unknown, blobs: readonly Uint8Array[]): MadeImage {
  const bytes = Buffer.from(JSON.stringify(manifest))
  const all = [bytes, ...blobs]
  return {
    ...plain,
    digest: digestOf(bytes),
    blobs: new Map(all.map((blob) => [digestOf(blob), blob])),
  }
}

/** An image whose layers are these bytes. */
function layered(layers: readonly Uint8Array[], size?: unknown): MadeImage {
  const config = Buffer.from(JSON.stringify({ os: 'linux', architecture: 'amd64', config: {} }))
  const described = layers.map((layer) => ({
    digest: digestOf(layer),
    size: size === undefined ? layer.length : size,
  }))
  const top = { config: { digest: digestOf(config) }, layers: described }
  return imageOf(top, [config, ...layers])
}

/** The header of a file of some bytes in a tar archive. */
function header(size: number): Buffer {
  const block = Buffer.alloc(512)
  block.write('zeros')
  block.write('0000644\0', 100)
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124)
  block.write('0', 156)
  block.write('ustar\x0000', 257)
  block.fill(' ', 148, 156)
  const sum = block.reduce((total, byte) => total + byte, 0)
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
  return block
}

/** A file of some MiB of zeros in a layer of a thousandth: gzip members that follow each other are one stream. */
function bomb(mebibytes: number): Buffer {
  const zeros = gzipSync(Buffer.alloc(MIB))
  return Buffer.concat([
    gzipSync(header(mebibytes * MIB)),
    ...Array.from({ length: mebibytes }, () => zeros),
  ])
}

/** A 401 with a challenge, once or always. */
const challenge = (header: string | ((own: string, other: string) => string)): Hostility => {
  return (request, response, { own, other }) => {
    if (request.headers.authorization !== undefined) return false
    const text = typeof header === 'string' ? header : header(own, other)
    response.writeHead(401, { 'www-authenticate': text }).end()
    return true
  }
}

/** The registry is its own token service, which answers with a text. */
const token =
  (body: string, status = 200): Hostility =>
  (request, response, hosts) => {
    if (!request.url?.startsWith('/token'))
      return challenge((own) => `Bearer realm="http://${own}/token"`)(request, response, hosts)
    response.writeHead(status).end(body)
    return true
  }

const redirect =
  (to: string | ((own: string, url: string) => string), status = 307): Hostility =>
  ({ url = '' }, response, { own }) => {
    const location = typeof to === 'string' ? to : to(own, url)
    response.writeHead(status, { location }).end()
    return true
  }

const raw =
  (text: string): Hostility =>
  (request) => {
    request.socket.end(text)
    return true
  }

/** Sends without end, as fast as it is read. */
const endless: Hostility = (_, response) => {
  const chunk = Buffer.alloc(64 * 1024, ' ')
  const more = () => {
    while (!response.destroyed && response.write(chunk));
    if (!response.destroyed) response.once('drain', more)
  }
  more()
  return true
}

/** One byte at a time. */
const drip =
  (status: number): Hostility =>
  (_, response) => {
    response.writeHead(status, { 'www-authenticate': 'Bearer realm="http://127.0.0.1:1/t"' })
    const dripping = setInterval(() => response.write(' '), 20)
    response.on('close', () => clearInterval(dripping))
    return true
  }

const onBlobs =
  (does: Hostility): Hostility =>
  (request, response, hosts) =>
    request.url?.includes('/blobs/') ? does(request, response, hosts) : false

const short = { patience: 1000, transfer: 1500 }
const budget = (more: object) => ({
  limits: {
    image: { received: 64 * MIB, unpacked: 64 * MIB, milliseconds: 60_000, ...more },
    run: { received: 512 * MIB, unpacked: 512 * MIB, milliseconds: 60_000 },
  },
})

const digest = `sha256:${'0'.repeat(64)}`
const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`

const INVALID = /invalid|not a JSON object|schema 1|no list|nested/

/** What a manifest or an index must not be. */
const manifests: Record<string, Mode> = {
  'manifests: [null]': manifest({ manifests: [null] }, INVALID),
  'manifests: null': manifest({ manifests: null }, INVALID),
  'manifests: {}': manifest({ manifests: {} }, INVALID),
  'manifests of numbers': manifest({ manifests: [1, 'x', []] }, INVALID),
  'manifests without digests': manifest({ manifests: [{}] }, INVALID),
  'a digest that is an object': manifest({ manifests: [{ digest: {} }] }, INVALID),
  'a digest with a path': manifest({ manifests: [{ digest: '../../x' }] }, INVALID),
  'platform: null': manifest({ manifests: [{ digest, platform: null }] }, /digest mismatch/),
  'platform: []': manifest({ manifests: [{ digest, platform: [] }] }, INVALID),
  'platform: 1': manifest({ manifests: [{ digest, platform: 1 }] }, INVALID),
  'platform with null': manifest(
    { manifests: [{ digest, platform: { os: null, architecture: 1 } }] },
    /no image for Linux/,
  ),
  'an empty index': manifest({ manifests: [] }, /no image for Linux/),
  'layers: [null]': manifest({ config: { digest }, layers: [null] }, INVALID),
  'layers: {}': manifest({ config: { digest }, layers: {} }, INVALID),
  'layers: null': manifest({ config: { digest }, layers: null }, /not found|does not answer/),
  'layers of texts': manifest({ config: { digest }, layers: ['x'] }, INVALID),
  'more layers than Docker takes': manifest(
    { config: { digest }, layers: Array.from({ length: 5000 }, () => ({ digest })) },
    /more than 1000 layers/,
  ),
  'a negative size': manifest({ config: { digest }, layers: [{ digest, size: -5 }] }, INVALID),
  'a huge size': manifest({ config: { digest }, layers: [{ digest, size: 1e308 }] }, INVALID),
  'a size that is a text': manifest({ config: { digest, size: '5' } }, INVALID),
  'config: null': manifest({ config: null, layers: [] }, INVALID),
  'config: []': manifest({ config: [], layers: [] }, INVALID),
  'config: "x"': manifest({ config: 'x', layers: [] }, INVALID),
  'config without a digest': manifest({ config: {}, layers: [] }, INVALID),
  null: manifest('null', INVALID),
  'a list': manifest('[]', INVALID),
  'a number': manifest('1e999', INVALID),
  'no JSON': manifest('<html>', INVALID),
  nothing: manifest('', INVALID),
  'deep JSON': manifest(nested(1_000_000), INVALID),
  'deep JSON in an object': manifest(`{"manifests":${nested(1_000_000)}}`, INVALID),
  'keys twice': manifest('{"config":{"digest":1},"config":null,"manifests":[null]}', INVALID),
  'keys of every object': manifest(
    '{"__proto__":{"config":1},"constructor":1,"manifests":[]}',
    /no image/,
  ),
  'bytes that are no text': manifest('\u0000\ufffd\u001b[31m', INVALID),
  'an index of itself': {
    does: ({ url = '' }, response) => {
      if (!url.includes('/manifests/')) return false
      return json(response, { manifests: [{ digest, platform: { os: 'linux' } }] })
    },
    problem: /digest mismatch/,
  },
}

const configurations: Record<string, Mode> = Object.fromEntries(
  Object.entries({
    null: 'null',
    'a list': '[]',
    'a number': '1',
    'no JSON': '{',
    'deep JSON': `{"config":${nested(1_000_000)}}`,
    'config: null': { config: null },
    'config: []': { config: [] },
    'config: 1': { config: 1 },
    'wrong types': {
      os: 1,
      architecture: [],
      config: {
        User: {},
        Env: [null, 1],
        Cmd: 'x',
        Entrypoint: {},
        ExposedPorts: [null],
        Volumes: 1,
        WorkingDir: [],
        Labels: [1],
        Healthcheck: [],
        StopSignal: null,
        Shell: [[]],
      },
    },
    'huge numbers': {
      config: { Healthcheck: { Test: ['CMD', 'x'], Interval: 1e308, Retries: 1e308, Timeout: -1 } },
    },
    'names of every object': '{"config":{"Env":["__proto__=1"],"Labels":{"__proto__":"x"}}}',
    'thousands of ranges of ports': {
      config: {
        ExposedPorts: Object.fromEntries(
          Array.from({ length: 50_000 }, (_, at) => [`${at}-${at + 999}/tcp`, {}]),
        ),
      },
    },
    'a user of megabytes': { config: { User: 'u'.repeat(2 * MIB) } },
  }).map(([name, config]): [string, Mode] => [
    `configuration: ${name}`,
    {
      image: configured(config),
      ...(/^(null|a list|a number|no JSON|deep JSON)$/.test(name) && {
        problem: /not a JSON object|nested/,
      }),
    },
  ]),
)

const layers: Record<string, Mode> = {
  'a bomb': { image: layered([bomb(1024)]), unread: /100 times its size/ },
  'forty bombs': { image: layered(Array(40).fill(bomb(1024))), unread: /100 times its size/ },
  'layers that are just no bombs, too many of them': {
    image: layered(Array(40).fill(bomb(20))),
    access: budget({}),
    unread: /decompress to more than 64 MiB/,
  },
  'a layer that is larger than it says': {
    image: layered([Buffer.concat([header(8 * MIB), Buffer.alloc(8 * MIB)])], 5),
    access: budget({ received: MIB }),
    unread: /more than 1 MiB to download/,
  },
  'a layer of garbage': { image: layered([Buffer.from('garbage')]), unread: /archive/ },
  'a layer of broken gzip': {
    image: layered([Buffer.concat([Buffer.from('1f8b0800', 'hex'), Buffer.alloc(100, 1)])]),
    unread: /decompressed/,
  },
  'an empty layer': { image: layered([Buffer.alloc(0)]) },
  'layers that are cut off': {
    image: plain,
    does: (request, response) => {
      if (![...plain.blobs.keys()].slice(2).some((one) => request.url?.endsWith(one))) return false
      response.writeHead(200, { 'content-length': 1000 })
      response.write('x', () => request.socket.destroy())
      return true
    },
    unread: /cut off/,
  },
}

const logins: Record<string, Mode> = {
  'a token with CR and LF': { does: token('{"token":"a\\r\\nX-Evil: 1"}'), problem: /not valid/ },
  'a token with NUL': { does: token('{"token":"a\\u0000"}'), problem: /not valid/ },
  'a token of other letters': { does: token('{"token":"é漢"}'), problem: /not valid/ },
  'an empty token': { does: token('{"token":""}'), problem: /not valid/ },
  'a token of megabytes': {
    does: token(`{"token":"${'x'.repeat(900_000)}"}`),
    problem: /not valid/,
  },
  'a token that is an object': { does: token('{"token":{}}'), problem: /not valid/ },
  'no token': { does: token('{"token":null}'), problem: /access to .* denied/ },
  'a token document that is no object': { does: token('null'), problem: /not a JSON object/ },
  'a token service without end': {
    does: (request, response, hosts) =>
      request.url?.startsWith('/token')
        ? endless(request, response, hosts)
        : token('')(request, response, hosts),
    problem: /more than \d+ bytes/,
  },
  'a login is required again and again': {
    does: (request, response, hosts) => {
      if (request.url?.startsWith('/token')) return json(response, { token: 'x' })
      response
        .writeHead(401, { 'www-authenticate': `Bearer realm="http://${hosts.own}/token"` })
        .end()
      return true
    },
    problem: /access to .* denied/,
  },
  'no challenge': {
    does: (_, response) => {
      response.writeHead(401).end()
      return true
    },
    problem: /access to .* denied/,
  },
  ...Object.fromEntries(
    [
      'Bearer',
      'Bearer realm=""',
      'Bearer realm="no url"',
      'Digest realm="x"',
      'Negotiate',
      `Bearer ${'a'.repeat(8000)}`,
      `Bearer ${'a=b,'.repeat(2000)}`,
      'Bearer __proto__="x",constructor="y"',
    ].map((header): [string, Mode] => [
      `challenge: ${header.slice(0, 40)}`,
      { does: challenge(header), problem: /access to .* denied/ },
    ]),
  ),
  ...Object.fromEntries(
    [
      'file:///etc/passwd',
      'data:application/json,{}',
      'ftp://127.0.0.1/',
      'https://user:pw@127.0.0.1/token',
      'javascript:1',
    ].map((realm): [string, Mode] => [
      `token service: ${realm}`,
      { does: challenge(`Bearer realm="${realm}"`), problem: /invalid token service/ },
    ]),
  ),
}

const transports: Record<string, Mode> = {
  'redirects to a file': { does: redirect('file:///etc/passwd'), problem: /not https/ },
  'redirects to data': { does: redirect('data:application/json,{}'), problem: /not https/ },
  'redirects with a login': { does: redirect('http://a:b@127.0.0.1/'), problem: /not https/ },
  'redirects to no address': { does: redirect('http://'), problem: /invalid address/ },
  'redirects without an address': {
    does: (_, response) => {
      response.writeHead(302).end()
      return true
    },
    problem: /invalid address/,
  },
  'redirects to itself': {
    does: redirect((own, url) => `http://${own}${url}`),
    problem: /redirects more than 5 times/,
  },
  'redirects without end': {
    does: redirect((own, url) => `http://${own}${url}x`, 301),
    problem: /redirects more than 5 times/,
  },
  'a manifest without end': { does: endless, problem: /more than \d+ bytes/ },
  'a configuration without end': { does: onBlobs(endless), problem: /more than \d+ bytes/ },
  'an answer that drips': { does: drip(200), access: short, problem: /took too long/ },
  'a refusal that drips': { does: drip(401), access: short, problem: /does not answer|denied/ },
  'an error that drips': { does: drip(500), access: short, problem: /status 500/ },
  'no answer': { does: () => true, access: short, problem: /does not answer/ },
  'a closed connection': {
    does: ({ socket }) => {
      socket.destroy()
      return true
    },
    problem: /does not answer/,
  },
  'no HTTP': { does: raw('SSH-2.0-OpenSSH_9.9\r\n'), problem: /does not answer/ },
  'half a header': { does: raw('HTTP/1.1 200 OK\r\nContent-'), problem: /does not answer/ },
  'chunks of garbage': {
    does: raw('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n'),
    problem: /cut off|does not answer/,
  },
  'two lengths': {
    does: raw('HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 9\r\n\r\n{}'),
    problem: /does not answer|cut off|not a JSON/,
  },
  'a length that is not reached': {
    does: raw('HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n{}'),
    problem: /cut off/,
  },
  'huge headers': {
    does: raw(`HTTP/1.1 200 OK\r\n${`X-A: ${'a'.repeat(1000)}\r\n`.repeat(500)}\r\n{}`),
    problem: /does not answer/,
  },
  'a header without end': {
    does: ({ socket }) => {
      socket.write('HTTP/1.1 200 OK\r\n')
      const more = () => {
        while (!socket.destroyed && socket.write(`X-A: ${'a'.repeat(60_000)}\r\n`));
        if (!socket.destroyed) socket.once('drain', more)
      }
      socket.on('error', () => {})
      more()
      return true
    },
    problem: /does not answer/,
  },
  'compressed without being asked': {
    does: (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(64 * MIB)))
      return true
    },
    problem: /more than \d+ bytes|not a JSON object/,
  },
  'wrongly compressed': {
    does: (_, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('garbage')
      return true
    },
    problem: /cut off|does not answer/,
  },
  ...Object.fromEntries(
    [100, 204, 205, 206, 304, 300, 402, 418, 451, 500, 599, 999].map((status): [string, Mode] => [
      `status ${status}`,
      {
        does: raw(`HTTP/1.1 ${status} X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n`),
        problem: /./,
      },
    ]),
  ),
}

/** What registries do, by what it is. */
export const modes: Readonly<Record<string, Mode>> = {
  ...manifests,
  ...configurations,
  ...layers,
  ...logins,
  ...transports,
}
