// The site's configuration for VitePress. scripts/docs/build.ts puts it beside the pages.
import { readFileSync } from 'node:fs'
import { slug } from 'github-slugger'

export default {
  title: 'Booster Streamers',
  description: 'Booster services, and services in any other language, react to each other’s events over a broker',
  lang: 'en',
  outDir: process.env.SITE_OUT,
  lastUpdated: false,
  ignoreDeadLinks: false,
  markdown: {
    // As GitHub makes them, where the same pages are read.
    anchor: { slugify: slug },
    theme: { light: 'github-light', dark: 'github-dark' },
  },
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    nav: [
      { text: 'Overview', link: '/overview' },
      { text: 'Getting started', link: '/tutorial/getting-started' },
      { text: 'Error codes', link: '/reference/errors' },
    ],
    sidebar: JSON.parse(readFileSync(new URL('sidebar.json', `file://${process.env.SITE_SOURCE}/`), 'utf8')),
  },
}
