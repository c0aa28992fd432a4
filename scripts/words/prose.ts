import ts from 'typescript'

const NOT_PROSE = [
  /<!--[\s\S]*?-->/g,
  /^( *)```[\s\S]*?^\1```/gm,
  /`[^`]*`/g,
  /<code>[\s\S]*?<\/code>/g,
  /<[^>\n]+>/g,
  /\]\([^)]*\)/g,
]
const ADDRESS = [/\b[a-z]+:\/\/\S+/gi, /\{@link [^}]+\}/g, /@\w+/g, /[\w./-]+\.(?:md|ts|js|json|sh)\b/g, /\\[nrtu]/g]
const TAGS = new Set(['public', 'experimental'])

/** A file's prose where it stands: everything else is blank, so that lines and columns stay. */
export function proseOf(path: string, text: string): string {
  return path.endsWith('.md') ? blanked(text, [...NOT_PROSE, ...ADDRESS]) : proseOfCode(path, text)
}

/** Sentences in strings, and doc comments of names that apps may use. */
function proseOfCode(path: string, text: string): string {
  const kept: string[] = Array.from(text, (character) => (character === '\n' ? '\n' : ' '))
  const keep = (from: number, to: number): void => {
    const part = blanked(text.slice(from, to), [/`[^`]*`/g, ...ADDRESS])
    for (let index = 0; index < part.length; index += 1) kept[from + index] = part[index]
  }
  const visit = (node: ts.Node, isPublic: boolean): void => {
    const documented = documentedIn(node)
    const here = isPublic || documented.some(({ tags }) => tags?.some(({ tagName }) => TAGS.has(tagName.text)) ?? false)
    if (here) for (const { pos, end } of documented) keep(pos, end)
    if (isSentence(node)) keep(node.getStart(), node.end)
    ts.forEachChild(node, (child) => visit(child, here))
  }
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true), false)
  return kept.join('')
}

function documentedIn(node: ts.Node): readonly ts.JSDoc[] {
  return (node as { readonly jsDoc?: readonly ts.JSDoc[] }).jsDoc ?? []
}

function isSentence(node: ts.Node): boolean {
  const isText =
    ts.isStringLiteral(node) ||
    ts.isNoSubstitutionTemplateLiteral(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddle(node) ||
    ts.isTemplateTail(node)
  return (
    isText &&
    /[a-z,;:] [a-z]/.test(node.getText()) &&
    !/^[`'"]\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|WITH|DROP)\b/.test(node.getText())
  )
}

function blanked(text: string, patterns: readonly RegExp[]): string {
  return patterns.reduce((now, pattern) => now.replaceAll(pattern, (found) => found.replaceAll(/[^\n]/g, ' ')), text)
}
