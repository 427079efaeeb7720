"""Table led_works: field works once for each country that leads them."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F


def led_works(field_works: DataFrame) -> DataFrame:
    """One row per work and lead country; works whose lead country is unknown have none."""
    return by_lead(field_works).select(
        "work_id",
        "lead_country",
        "pub_year",
        "n_authors",
        "lead_institution_id",
        "partner_countries",
        (F.size("lead_countries") > 1).alias("is_dual"),
    )


def by_lead(works: DataFrame) -> DataFrame:
    """Works once for each of their `lead_countries`: adds lead_country and, null where unknown, lead_institution_id."""
    leads = F.arrays_zip(
        F.col("lead_countries").alias("country_code"), F.col("lead_institution_ids").alias("institution_id")
    )
    return works.select(
        *(name for name in works.columns if name != "lead_institution_ids"), F.explode(leads).alias("lead")
    ).select(
        *(name for name in works.columns if name != "lead_institution_ids"),
        F.col("lead.country_code").alias("lead_country"),
        F.col("lead.institution_id").alias("lead_institution_id"),
    )
