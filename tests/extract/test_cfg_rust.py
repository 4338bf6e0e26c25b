"""Control flow of Rust, by hand."""

from support.flow import check


def test_let_else_leaves_or_binds():
    check(
        "rust",
        "fn f() { let Some(x) = y else { return; }; a(); }",
        """
        entry> let Some(x) = y else
        let Some(x) = y else true> a()
        let Some(x) = y else false> return
        return return> exit
        a()> exit
        """,
    )


def test_question_marks_return_early_each_by_itself():
    check(
        "rust",
        "fn f() -> R { let x = a()?.b()?; c() }",
        """
        entry> let x = a()?.b()?
        let x = a()?.b()?> c()
        let x = a()?.b()? return> exit (a()?)
        let x = a()?.b()? return> exit (a()?.b()?)
        c()> exit
        """,
    )


def test_match_takes_one_arm_and_guards_go_on():
    check(
        "rust",
        """
        fn f() {
            let v = match s { Some(v) if v > 1 => w(), A | B => { return; } _ => 3 };
        }
        """,
        """
        entry> s
        s case> v > 1 (Some(v))
        s default> <match>
        v > 1 true> w()
        v > 1 false> <match>
        <match> case> A | B => { return (A | B)
        <match> default> _ => 3 (_)
        w()> let v = match s { Some(v) if v > 1 => w(), A | B => { return; } _ => 3 }
        A | B => { return return> exit
        _ => 3> let v = match s { Some(v) if v > 1 => w(), A | B => { return; } _ => 3 }
        let v = match s { Some(v) if v > 1 => w(), A | B => { return; } _ => 3 }> exit
        """.replace("_ => 3 (_)", "_ => 3"),
    )


def test_labels_lead_break_and_continue_to_outer_loops():
    check(
        "rust",
        """
        fn f() {
            'o: while let Some(a) = z {
                loop {
                    if b { continue 'o; }
                    break 'o;
                }
            }
            'b: { if q { break 'b; } r(); }
        }
        """,
        """
        entry> let Some(a) = z
        let Some(a) = z true> b
        let Some(a) = z false> q
        b true> continue 'o
        b false> break 'o
        continue 'o continue> let Some(a) = z back
        break 'o break> q
        q true> break 'b
        q false> r()
        break 'b break> exit
        r()> exit
        """,
    )


def test_conditions_with_let_chains():
    check(
        "rust",
        "fn f() { if let Some(a) = b && c { d() } else if e { g() } }",
        """
        entry> let Some(a) = b
        let Some(a) = b true> c
        let Some(a) = b false> e
        c true> d()
        c false> e
        e true> g()
        e false> exit
        d()> exit
        g()> exit
        """,
    )


def test_a_panic_does_not_return():
    check(
        "rust",
        'fn f() { if a { panic!("x"); } std::process::exit(1) }',
        """
        entry> a
        a true> panic!("x")
        a false> std::process::exit(1)
        panic!("x") exception> exit
        std::process::exit(1) exit> exit
        """,
    )


def test_what_is_iterated_over_may_return_early():
    check(
        "rust",
        "fn f() -> R { for x in y()? { z(); } let Some(a) = b else { bail!(c) }; d() }",
        """
        entry> x in y()?
        x in y()?> x in y()?
        x in y()? return> exit (y()?)
        x in y()? true> z()
        x in y()? false> let Some(a) = b else
        z() back> x in y()?
        let Some(a) = b else true> d()
        let Some(a) = b else false> bail!(c)
        bail!(c) return> exit
        d()> exit
        """,
    )
