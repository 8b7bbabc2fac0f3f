"""What the procedure demands is traced to the product and to the tests that prove it."""

import ast

from tests.house import traceability


def test_the_page_is_what_the_markers_say() -> None:
    assert traceability.PAGE.read_text() == traceability.page(), "run: python -m tests.house.traceability --write"


def test_all_58_requirements_are_listed_in_order() -> None:
    assert [item.id for item in traceability.requirements()] == [f"R{number}" for number in range(1, 59)]


def test_markers_name_requirements_that_exist() -> None:
    known = {item.id for item in traceability.requirements()}
    assert not [proof for proof in traceability.proofs() if not known.issuperset(proof.requirements)]


def test_a_proof_goes_through_a_surface() -> None:
    assert not [proof for proof in traceability.proofs() if proof.surface not in traceability.SURFACES]


def test_every_place_in_the_product_exists() -> None:
    assert not traceability.unknown_places()


def test_markers_are_read_from_functions_parameters_and_modules() -> None:
    source = """
pytestmark = pytest.mark.procedure("R1")
@pytest.mark.procedure("R2", "R3")
def test_one(): ...
@pytest.mark.parametrize("x", [pytest.param(1, marks=pytest.mark.procedure("R4"))])
def test_two(x): ...
def helper(): ...
"""
    assert dict(traceability._claims(ast.parse(source))) == {"test_one": ("R1", "R2", "R3"), "test_two": ("R1", "R4")}
