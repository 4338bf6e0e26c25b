;;; smoke.el --- Runs inside Emacs, see emacs_smoke.sh  -*- lexical-binding: t -*-
;; Prints a line for each check and a closing count.

(require 'package)
(package-initialize)
(require 'eglot)
(require 'xref)
(setq eglot-sync-connect 60 eglot-connect-timeout 60 inhibit-message t)

(defvar passed 0)
(defvar failed 0)

(defun check (name want got)
  (if (equal want got) (setq passed (1+ passed)) (setq failed (1+ failed)))
  (princ (format "%s %s%s\n" (if (equal want got) "ok  " "FAIL") name
                 (if (equal want got) "" (format ": want %S, got %S" want got)))))

(defun at (file text)
  "Open FILE with the cursor before TEXT."
  (find-file file)
  (goto-char (point-min))
  (search-forward text)
  (goto-char (match-beginning 0)))

(defun places (items)
  "The places of xref ITEMS, as FILE:LINE."
  (sort (mapcar (lambda (item)
                  (let ((marker (xref-location-marker (xref-item-location item))))
                    (with-current-buffer (marker-buffer marker)
                      (format "%s:%d" (file-relative-name (file-truename buffer-file-name) (file-truename default-root))
                              (line-number-at-pos marker)))))
                items)
        #'string<))

(defun definitions () (places (xref-backend-definitions 'eglot (xref-backend-identifier-at-point 'eglot))))
(defun references () (places (xref-backend-references 'eglot (xref-backend-identifier-at-point 'eglot))))

(defvar default-root default-directory)

(condition-case problem
    (progn
      (at "main.py" "label(total")
      (call-interactively #'eglot)
      (check "M-x eglot starts the server" "magellan-lsp" (plist-get (eglot--server-info (eglot-current-server)) :name))
      (check "definition, past astral characters" '("shop/stock.py:9") (definitions))
      (eglot-execute-command (eglot-current-server) 'magellan/synchronize [])
      (at "main.py" "label(total")
      (check "references"
             '("main.py:1" "main.py:5" "main.py:6" "shop/stock.py:24" "shop/stock.py:9")
             (delete-dups (references)))
      (at "shop/stock.py" "def total")
      (insert "def relabel(amount):\n    return label(amount)\n\n\n")
      (search-backward "label(amount)")
      ;; What eglot does when the person pauses; a batch Emacs has no such timers.
      (eglot--signal-textDocument/didChange)
      (check "definition after an unsaved edit" '("shop/stock.py:13") (definitions))
      (set-buffer-modified-p nil)
      (check "a command of our own" "ok"
             (plist-get (eglot-execute-command (eglot-current-server) 'magellan/status []) :health))
      (eglot-shutdown (eglot-current-server) nil 10))
  (error (check "the script itself" nil problem)))
(princ (format "emacs %s: %d passed, %d failed\n" emacs-version passed failed))
(kill-emacs (if (= failed 0) 0 1))
