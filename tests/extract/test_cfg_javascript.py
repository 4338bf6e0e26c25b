"""Control flow of JavaScript, TypeScript and TSX, by hand."""

import pytest
from support.flow import check

LANGUAGES = pytest.mark.parametrize("language", ["javascript", "typescript", "tsx"])


@LANGUAGES
def test_cases_fall_and_handlers_take_everything(language: str):
    check(
        language,
        """
        function f(k) {
            switch (k) { case 1: a(); case 2: b(); break; default: c(); }
            try { d(); } catch (e) { g(); } finally { h(); }
        }
        """,
        """
        entry> k
        k case> a() (1)
        k case> b(); break (2)
        k default> c()
        a()> b(); break
        b(); break break> d()
        c()> d()
        d()> finally { h()
        d() exception> catch (e) { g()
        catch (e) { g()> finally { h()
        catch (e) { g() exception> finally { h()
        finally { h()> exit
        finally { h() finally> exit
        """,
    )


@LANGUAGES
def test_short_circuits_of_all_kinds(language: str):
    check(
        language,
        "function f() { const r = a ? b : c ?? d; e ||= g(); }",
        """
        entry> a
        a true> b
        a false> c
        b> e
        c true> e
        c false> d
        d> e
        e true> exit
        e false> g()
        g()> exit
        """,
    )


@LANGUAGES
def test_loops_labels_and_await(language: str):
    check(
        language,
        """
        async function f() {
            o: for (const s of ss) {
                for (;;) { if (a) continue o; if (b) break o; await z; }
            }
        }
        """,
        """
        entry> s of ss
        s of ss true> a
        s of ss false> exit
        a true> continue o
        a false> b
        continue o continue> s of ss back
        b true> break o
        b false> await z
        break o break> exit
        await z await> a back
        """,
    )


@LANGUAGES
def test_the_process_may_end(language: str):
    check(
        language,
        "function f() { if (a) process.exit(1); b(); }",
        "entry> a\na true> process.exit(1)\na false> b()\nprocess.exit(1) exit> exit\nb()> exit",
    )
