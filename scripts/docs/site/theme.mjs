// Without web fonts: the site loads nothing from elsewhere, and little from itself.
export { default } from 'vitepress/theme-without-fonts'
