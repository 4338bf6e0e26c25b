"""Control flow of Python, by hand."""

import pytest
from support.flow import check


def test_conditions_chain_through_elif_and_short_circuits():
    check(
        "python",
        """
        def f(a, b, c):
            x()
            if a and (b or c):
                y()
            elif not (d or e):
                z()
            else:
                u()
            v()
        """,
        """
        entry> a
        a true> b
        a false> d
        b true> y()
        b false> c
        c true> y()
        c false> d
        d true> u()
        d false> e
        e true> u()
        e false> z()
        y()> v()
        z()> v()
        u()> v()
        v()> exit
        """,
    )


def test_a_loop_has_an_else_that_break_skips():
    check(
        "python",
        """
        def f(xs):
            for x in xs:
                if x:
                    continue
                if y:
                    break
                z()
            else:
                u()
            while w:
                v()
            else:
                t()
        """,
        """
        entry> x in xs
        x in xs true> x
        x in xs false> u()
        x true> continue
        x false> y
        continue continue> x in xs back
        y true> break
        y false> z()
        z() back> x in xs
        u()> w
        break break> w
        w true> v()
        w false> t()
        v() back> w
        t()> exit
        """,
    )


def test_an_endless_loop_ends_by_break_only():
    check(
        "python",
        """
        def f():
            while True:
                if a:
                    break
            b()
        """,
        """
        entry> True
        True true> a
        a true> break
        a false> True back
        break break> b()
        b()> exit
        """,
    )


def test_code_behind_a_return_is_kept_as_unreachable():
    check(
        "python",
        """
        def f():
            return 1
            if a:
                b()
        """,
        """
        entry> return 1
        return 1 return> exit
        a true> b()
        a false> exit
        b()> exit
        """,
        unreachable="a; b()",
    )


def test_a_function_that_never_ends_has_an_unreachable_exit():
    check(
        "python",
        """
        def f():
            while True:
                a()
        """,
        """
        entry> True
        True true> a()
        a() back> True
        """,
        unreachable="exit",
    )


def test_handlers_are_tried_in_order_and_finally_is_on_every_way_out():
    check(
        "python",
        """
        def f():
            try:
                a()
                return 1
            except A as e:
                b()
            except B:
                raise
            else:
                c()
            finally:
                d()
            e()
        """,
        """
        entry> a()
        a() exception> except A as e:
        a() return> finally:
        except A as e: true> b()
        except A as e: false> except B:
        except B: true> raise
        except B: exception> finally:
        b()> finally:
        b() exception> finally:
        raise exception> finally:
        c()> finally:
        c() exception> finally:
        finally:> e()
        finally: finally> exit
        e()> exit
        """,
        unreachable="c()",
    )


def test_a_bare_except_takes_everything():
    check(
        "python",
        """
        def f():
            try:
                a()
            except:
                b()
        """,
        """
        entry> a()
        a()> exit
        a() exception> except:
        except:> exit
        """,
    )


def test_break_inside_finally_passes_it():
    check(
        "python",
        """
        def f():
            for x in y:
                try:
                    break
                finally:
                    a()
            b()
        """,
        """
        entry> x in y
        x in y true> break
        x in y false> b()
        break break> finally:
        finally: finally> b()
        b()> exit
        """,
    )


def test_a_with_is_left_through_its_exit_and_may_swallow():
    check(
        "python",
        """
        def f():
            with a() as b:
                c()
                return 1
            d()
        """,
        """
        entry> a() as b
        a() as b> c()
        c() return> <with_exit>
        c() exception> <with_exit>
        <with_exit>> d()
        <with_exit> finally> exit
        d()> exit
        """,
    )


def test_match_dispatches_and_a_failed_guard_goes_on_matching():
    check(
        "python",
        """
        def f(p):
            match p:
                case 1:
                    a()
                case [x] if x > 2:
                    b()
                case Q():
                    c()
            d()
        """,
        """
        entry> p
        p case> 1: (1)
        p case> x > 2 ([x])
        p default> <match>
        x > 2 true> b()
        x > 2 false> <match>
        <match> case> Q(): (Q())
        <match> default> d()
        1:> d()
        b()> d()
        Q():> d()
        d()> exit
        """,
    )


def test_an_irrefutable_case_is_the_default():
    check(
        "python",
        """
        def f(p):
            match p:
                case 1:
                    a()
                case _:
                    b()
        """,
        """
        entry> p
        p case> 1: (1)
        p default> _:
        1:> exit
        _:> exit
        """,
    )


def test_an_expression_that_branches_is_finished_in_a_block_of_its_own():
    check(
        "python",
        """
        def f(a, b, c):
            x = g(b if a else c)
            return x or y
        """,
        """
        entry> a
        a true> b
        a false> c
        b> x
        c> x
        x true> return x or y
        x false> y
        y> return x or y
        return x or y return> exit
        """.replace("b> x", "b> x").replace("c> x", "c> x"),
    )


def test_yield_and_await_end_a_block():
    check(
        "python",
        """
        async def f():
            x = yield 1
            await g()
            h()
        """,
        """
        entry> x = yield 1
        x = yield 1 yield> await g()
        await g() await> h()
        h()> exit
        """,
    )


@pytest.mark.parametrize(("call", "kind"), [("sys.exit(1)", "exception"), ("os._exit(1)", "exit")])
def test_calls_that_end_the_program(call: str, kind: str):
    target = "except:" if kind == "exception" else "exit"
    check(
        "python",
        f"""
        def f():
            try:
                {call}
            except:
                a()
        """,
        f"""
        entry> {call}
        {call} {kind}> {target}
        {"" if kind == "exception" else call + " exception> except:"}
        except:> exit
        """,
    )


def test_functions_inside_are_plain_and_have_their_own_graph():
    source = """
        def f():
            g = lambda v: v or 1
            def h():
                return 2
            return [x for x in y if x or z]
        """
    check("python", source, "entry> g = lambda v: v or 1\ng = lambda v: v or 1 return> exit")
    check("python", source, "entry> return 2\nreturn 2 return> exit", name="h")


def test_a_file_has_a_graph_of_its_own_statements():
    check("python", "import a\nif b:\n    c()\n", "entry> b\nb true> c()\nb false> exit\nc()> exit", name="")


def test_an_assertion_may_throw():
    check(
        "python",
        """
        def f():
            assert a, b
            c()
        """,
        """
        entry> assert a, b
        assert a, b> c()
        assert a, b exception> exit
        c()> exit
        """,
    )
