"""A made-up city, 开数市, from real open tables: for the first run, documents and tests."""

from kaishu.demo.accounts import ACCOUNTS, Account
from kaishu.demo.building import Built, build_city, stands
from kaishu.demo.catalogues import CATALOGUES, Catalogue, leave_catalogues, register_catalogues
from kaishu.demo.centre import SOURCE_FOLDER
from kaishu.demo.plans import DatasetPlan, OfficePlan, dataset_plans, office_plans

__all__ = [
    "ACCOUNTS",
    "CATALOGUES",
    "SOURCE_FOLDER",
    "Account",
    "Built",
    "Catalogue",
    "DatasetPlan",
    "OfficePlan",
    "build_city",
    "dataset_plans",
    "leave_catalogues",
    "office_plans",
    "register_catalogues",
    "stands",
]
