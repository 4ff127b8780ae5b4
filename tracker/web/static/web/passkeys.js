/* Shows what needs a passkey where the browser has them, and says when one failed. allauth's scripts do the rest. */
(function () {
  const failed = document.querySelector('[data-passkey-failed]')
  if (!window.PublicKeyCredential || !window.isSecureContext) return
  document.querySelectorAll('[data-passkey]').forEach(function (element) { element.hidden = false })
  document.addEventListener('allauth.error', function (event) {
    event.preventDefault()
    if (failed) failed.hidden = false
  })
})()
