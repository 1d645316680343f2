import { mkdirSync, writeFileSync } from 'node:fs'

/** A Compose file of many services in the shapes of real ones: web services in chains of four, each with a database. */
export function generateProject(services: number): string {
  const lines = ['name: generated', 'services:']
  for (let index = 0; index < services; index++) {
    const name = `service-${String(index).padStart(4, '0')}`
    const database = index % 5 === 0
    lines.push(`  ${name}:`, `    image: registry.example.com/${name}:1.${index}`)
    if (database) {
      lines.push(
        '    volumes:',
        `      - data-${index}:/var/lib/data`,
        '    healthcheck:',
        '      test: ["CMD-SHELL", "check || exit 1"]',
        '      interval: 5s',
      )
      continue
    }
    const before = `service-${String(index - 1).padStart(4, '0')}`
    const condition = index % 5 === 1 ? 'service_healthy' : 'service_started'
    lines.push(
      '    ports:',
      `      - "${10_000 + index}:8080"`,
      '    environment:',
      `      UPSTREAM: http://${before}:8080/api`,
      `      NAME: ${name}`,
      '    depends_on:',
      `      ${before}: { condition: ${condition} }`,
      '    restart: unless-stopped',
    )
  }
  lines.push('volumes:')
  for (let index = 0; index < services; index += 5) lines.push(`  data-${index}: {}`)
  return `${lines.join('\n')}\n`
}

const WORDS = 'public function request response service queue connect redis db host return value'

/**
 * Writes a project of eight services that mount one tree of sources: `size` bytes in files of 9 KB, 40 to a folder, and one
 * of its folders once more.
 */
export function generateTree(directory: string, size: number): void {
  const words = WORDS.split(' ')
  const files = Math.ceil(size / 9_000)
  for (let file = 0; file < files; file++) {
    const folder = `${directory}/app/folder-${Math.floor(file / 40)}`
    mkdirSync(folder, { recursive: true })
    let text = ''
    for (let word = file; text.length < 9_000; word += 7)
      text += `${words[word % words.length]}${word % 10 === 0 ? `_${word};\n` : ' '}`
    writeFileSync(`${folder}/file-${file}.php`, text)
  }
  const lines = ['name: generated', 'services:']
  for (let index = 0; index < 8; index++)
    lines.push(
      `  service-${index}:`,
      '    image: registry.example.com/app:1',
      '    volumes: ["./app:/usr/src/app:ro", "./app/folder-1:/usr/src/other:ro"]',
    )
  writeFileSync(`${directory}/compose.yaml`, `${lines.join('\n')}\n`)
}
