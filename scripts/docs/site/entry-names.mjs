// A plugin of typedoc: a module is called as it is imported, not as its file.
const NAMES = JSON.parse(process.env.ENTRY_NAMES)

export function load(app) {
  app.converter.on('resolveEnd', ({ project }) => {
    for (const module of project.children ?? []) module.name = NAMES[module.name] ?? module.name
  })
}
