import type { Scan } from './scan.ts'

export interface Product {
  /** As a name of a service: lower-case letters, digits and "-". */
  name: string
  version?: string
}

/** The name and version of a release, from the name of its file or of its top folder: apache-tomcat-9.0.93 */
export function productOf({ top }: Pick<Scan, 'top'>, file: string): Product {
  const base = file.replace(/\.(tar\.gz|tgz|tar|zip)$/i, '').replace(/[-_.](bin|dist|src)$/i, '')
  for (const text of [base, top]) {
    const [, name, version] =
      /^(.*?)[-_.]v?(\d+(?:\.\d+)*(?:[-.](?:SNAPSHOT|RC\d+|M\d+|v\d+))?)$/i.exec(text) ?? []
    if (name !== undefined && version !== undefined && serviceName(name) !== '')
      return { name: serviceName(name), version }
  }
  return { name: serviceName(base) || 'program' }
}

function serviceName(text: string): string {
  return text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')
    .slice(0, 63)
}
