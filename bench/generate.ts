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
