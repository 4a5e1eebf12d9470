// Keeps Notecast's cache between builds. Written by `notecast init --ci netlify`.
module.exports = {
  onPreBuild: ({ utils }) => utils.cache.restore(".notecast"),
  onPostBuild: ({ utils }) => utils.cache.save(".notecast"),
};
